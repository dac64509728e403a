"""What metering costs in wasmtime: prints the ratio of each kernel's time with fuel and with epochs to that without.

Arguments: the kernels' module, amounts by kernel as JSON, number of rounds.
"""

import json
import random
import sys
import time

from wasmtime import Config, Engine, Instance, Module, Store

path, amounts, rounds = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])


def instantiate(**options):
    config = Config()
    for name, value in options.items():
        setattr(config, name, value)
    engine = Engine(config)
    store = Store(engine)
    if options.get("consume_fuel"):
        store.set_fuel(1 << 60)
    if options.get("epoch_interruption"):
        store.set_epoch_deadline(1 << 40)
    exports = Instance(store, Module.from_file(engine, path), []).exports(store)
    return lambda kernel, amount: exports[kernel](store, amount)


guests = {
    "plain": instantiate(),
    "wasmtime fuel": instantiate(consume_fuel=True),
    "wasmtime epoch": instantiate(epoch_interruption=True),
}


def fastest(times):
    return sorted(times)[len(times) // 5]


def measure(kernel, amount):
    times = {name: [] for name in guests}
    for _ in range(rounds):
        for name in random.sample(list(guests), len(guests)):
            start = time.perf_counter_ns()
            guests[name](kernel, amount)
            guests[name](kernel, amount)
            times[name].append(time.perf_counter_ns() - start)
    plain = fastest(times["plain"])
    return {name: fastest(times[name]) / plain for name in guests if name != "plain"}


print(json.dumps({kernel: measure(kernel, amount) for kernel, amount in amounts.items()}))

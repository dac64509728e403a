"""Runs calls with limited fuel in wasmtime.

Reads a JSON array of cases from standard input: `text`, a module without imports, `globals`, values to give to exported
globals before each call, and `calls`, each a function's name, its arguments (numbers; decimal strings for i64) and an
amount of fuel. Writes an array of what became of the calls.
"""

import json
import sys

from wasmtime import Config, Engine, Instance, Module, Store, Trap, WasmtimeError

config = Config()
config.consume_fuel = True
for proposal in ("wasm_gc", "wasm_function_references", "wasm_exceptions"):
    setattr(config, proposal, True)
engine = Engine(config)


def outcome(store, function, args):
    try:
        result = function(store, *[int(arg) for arg in args])
    except (Trap, WasmtimeError) as error:
        return "out of fuel" if "all fuel consumed" in str(error) else "trap"
    return "undefined" if result is None else str(result)


def run(case):
    store = Store(engine)
    store.set_fuel(1 << 40)
    exports = Instance(store, Module(engine, case["text"]), []).exports(store)
    results = []
    for name, args, amount in case["calls"]:
        for variable, value in case["globals"].items():
            exports[variable].set_value(store, value)
        store.set_fuel(amount)
        result = outcome(store, exports[name], args)
        results.append(f"{result}, {amount - store.get_fuel()} used")
    return results


json.dump([run(case) for case in json.load(sys.stdin)], sys.stdout)

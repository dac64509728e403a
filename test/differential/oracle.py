"""Runs the programs of program.ts on wasmtime: a JSON array of steps a line in, of outcomes a line out.

Where wasmtime would end the process (api misuse that is a panic in Rust), the step is not run and its outcome is
`{"abort": text}`.
"""
import json
import struct
import sys

import wasmtime
from wasmtime import _ffi as ffi

VAL_TYPES = {name: getattr(wasmtime.ValType, name)() for name in ("i32", "i64", "f32", "f64", "externref", "funcref")}
TYPE_NAMES = {"anyref": "externref"}  # what Python prints of an externref
WRONG_STORE = "object used with the wrong store"
CROSS_STORE = "cross-`Store` instantiation is not currently supported"


class HostError(Exception):
    """Thrown by host functions."""


class Skip(Exception):
    """A slot is empty."""


class Abort(Exception):
    """wasmtime would end the process."""


def type_name(val_type):
    return TYPE_NAMES.get(str(val_type), str(val_type))


def func_type(signature):
    return wasmtime.FuncType([VAL_TYPES[t] for t in signature["params"]], [VAL_TYPES[t] for t in signature["results"]])


def raw_store_id(item):
    for field in ("_func", "_global", "_memory", "_table", "_tag"):
        raw = getattr(item, field, None)
        if raw is not None:
            while not hasattr(raw, "store_id"):  # memories, tables: a nested structure
                raw = getattr(raw, raw._fields_[0][0])
            return raw.store_id
    raise AssertionError("an item without store")


class Machine:
    def __init__(self):
        self.slots = {}
        self.log = []
        self.stores = {}  # id -> Store
        self.engines = {}  # id(Store | Module | Linker) -> Engine
        self.imports = {}  # id(Module) -> [(module, name)]

    # values

    def slot(self, name):
        if name not in self.slots:
            raise Skip()
        return self.slots[name]

    def value(self, value):
        [(kind, content)] = value.items()
        if kind == "i32":
            return content
        if kind == "i64":
            return int(content)
        if kind == "float":
            return float(content.replace("Infinity", "inf"))
        if kind == "extern":
            return content
        if kind == "func":
            return self.slot(content)
        return None

    def values(self, values, types):
        """Converted values. Python lets an i64 pass for an i32, and a function for a number, for the engine to refuse."""
        if len(values) == len(types):
            for value, kind in zip(values, map(type_name, types)):
                if "i64" in value and kind == "i32" or "func" in value and not kind.endswith("ref"):
                    raise TypeError("a value of another type")
        return [self.value(value) for value in values]

    def show(self, value, kind):
        if isinstance(value, wasmtime.Val):  # how Python wraps null
            value = value.value
        if value is None:
            return None
        if kind in ("f32", "f64"):
            return "nan" if value != value else struct.pack(">d", value).hex()
        if kind in ("i32", "i64"):
            return str(value)
        if kind == "funcref":
            return self.describe(value)
        return "extern " + str(value)

    def owner(self, item):
        return self.stores[raw_store_id(item)]

    def describe(self, item):
        store = self.owner(item)
        if isinstance(item, wasmtime.Func):
            ty = item.type(store)
            return "func (%s) -> (%s)" % (
                ", ".join(map(type_name, ty.params)), ", ".join(map(type_name, ty.results)))
        if isinstance(item, wasmtime.Global):
            ty = item.type(store)
            value = item.value(store)
            return "global %s%s = %s" % (
                "mut " if ty.mutable else "", type_name(ty.content), self.show(value, type_name(ty.content)))
        if isinstance(item, wasmtime.Memory):
            limits = item.type(store).limits
            return "memory %s %s size %s" % (limits.min, limits.max, item.size(store))
        if isinstance(item, wasmtime.Table):
            ty = item.type(store)
            return "table %s %s %s size %s" % (
                type_name(ty.element), ty.limits.min, ty.limits.max, item.size(store))
        if isinstance(item, wasmtime.Tag):
            return "tag (%s)" % ", ".join(map(type_name, item.type(store).functype.params))
        raise AssertionError("unknown item")

    def error(self, error):
        if isinstance(error, wasmtime.Trap):
            frames = [
                [f.func_index, f.func_name, f.module_name, offset(f.module_offset), offset(f.func_offset)]
                for f in error.frames
            ]
            code = error.trap_code
            return {"error": "Trap", "message": str(error), "code": code and code.name, "frames": frames}
        if isinstance(error, wasmtime.ExitTrap):
            return {"error": "ExitTrap", "message": str(error)}
        if isinstance(error, wasmtime.WasmtimeError):
            return {"error": "error", "message": str(error)}
        if isinstance(error, HostError):
            return {"error": "host", "message": str(error)}
        return {"error": "RangeError" if isinstance(error, IndexError) else type(error).__name__, "message": str(error)}

    # host functions

    def host(self, label, signature, behaviour, wants_caller):
        def run(*args):
            caller = None
            if wants_caller:
                caller, *args = args
            shown = [self.show(value, kind) for value, kind in zip(args, signature["params"])]
            self.log.append("%s(%s)" % (label, ", ".join(map(str, shown))))
            does = behaviour["does"]
            if does == "throw":
                raise HostError(behaviour["text"])
            if does == "trap":
                raise wasmtime.Trap(behaviour["text"])
            if does == "call":
                func = self.slots.get(behaviour["func"])
                if func is not None:
                    try:
                        store = self.owner(func)
                        func(store, *self.values(behaviour["args"], func.type(store).params))
                    except Exception as error:
                        if not behaviour["catches"]:
                            raise
                        self.log.append("caught " + self.error(error)["message"])
            if does == "tick":
                self.slot(behaviour["engine"]).increment_epoch()
            if does == "useFuel":
                store = self.slot(behaviour["store"])
                self.log.append("fuel %d" % store.get_fuel())
                if behaviour["leaves"] is not None:
                    store.set_fuel(behaviour["leaves"])
            if does == "useCaller":
                item = caller.get(behaviour["name"])
                if item is None:
                    self.log.append("no export")
                elif isinstance(item, wasmtime.Func):
                    if len(item.type(caller).params) == 0:
                        item(caller)
                else:
                    self.log.append("export " + type(item).__name__)
            values = [self.value(v) for v in behaviour["values"]]
            if len(values) == 0:
                return None
            return values[0] if len(values) == 1 else values

        return run

    # steps

    def run(self, step):
        self.log = []
        try:
            result = getattr(self, "do_" + step["op"])(step)
            outcome = {"ok": result}
        except Skip:
            outcome = {"skipped": True}
        except Abort as abort:
            outcome = {"abort": abort.args[0]}
        except Exception as error:
            outcome = self.error(error)
        if self.log:
            outcome["log"] = self.log
        return outcome

    def keep(self, step, thing):
        self.slots[step["as"]] = thing
        return thing

    def keep_item(self, step, item):
        return self.describe(self.keep(step, item))

    def do_engine(self, step):
        config = wasmtime.Config()
        config.consume_fuel = step.get("fuel", False)
        config.epoch_interruption = step.get("epochs", False)
        self.keep(step, wasmtime.Engine(config))

    def do_store(self, step):
        engine = self.slot(step["engine"])
        store = self.keep(step, wasmtime.Store(engine))
        self.engines[id(store)] = engine
        probe = wasmtime.Func(store, wasmtime.FuncType([], []), lambda: None)
        self.stores[probe._func.store_id] = store

    def do_setLimits(self, step):
        names = {"memorySize": "memory_size", "tableElements": "table_elements"}
        self.slot(step["store"]).set_limits(**{names.get(k, k): v for k, v in step["limits"].items()})

    def do_module(self, step):
        engine = self.slot(step["engine"])
        module = self.keep(step, wasmtime.Module(engine, step["wat"]))
        self.engines[id(module)] = engine
        self.imports[id(module)] = [(i.module, i.name) for i in module.imports]

    def do_linker(self, step):
        engine = self.slot(step["engine"])
        linker = self.keep(step, wasmtime.Linker(engine))
        self.engines[id(linker)] = engine

    def do_func(self, step):
        store = self.slot(step["store"])
        run = self.host(step["as"], step["type"], step["behaviour"], step["caller"])
        return self.keep_item(step, wasmtime.Func(store, func_type(step["type"]), run, step["caller"]))

    def do_global(self, step):
        ty = wasmtime.GlobalType(VAL_TYPES[step["content"]], step["mutable"])
        return self.keep_item(step, wasmtime.Global(self.slot(step["store"]), ty, self.value(step["value"])))

    def do_memory(self, step):
        ty = wasmtime.MemoryType(wasmtime.Limits(step["minimum"], step["maximum"]))
        return self.keep_item(step, wasmtime.Memory(self.slot(step["store"]), ty))

    def do_table(self, step):
        ty = wasmtime.TableType(VAL_TYPES[step["element"]], wasmtime.Limits(step["minimum"], step["maximum"]))
        return self.keep_item(step, wasmtime.Table(self.slot(step["store"]), ty, self.value(step["init"])))

    def do_tag(self, step):
        ty = wasmtime.TagType(wasmtime.FuncType([VAL_TYPES[t] for t in step["params"]], []))
        return self.keep_item(step, wasmtime.Tag(self.slot(step["store"]), ty))

    def do_define(self, step):
        linker, store, item = self.slot(step["linker"]), self.slot(step["store"]), self.slot(step["item"])
        if self.owner(item) is not store:
            raise Abort(WRONG_STORE)
        linker.define(store, step["module"], step["name"], item)

    def do_defineFunc(self, step):
        linker = self.slot(step["linker"])
        label = step["module"] + "::" + step["name"]
        run = self.host(label, step["type"], step["behaviour"], step["caller"])
        linker.define_func(step["module"], step["name"], func_type(step["type"]), run, step["caller"])

    def do_defineInstance(self, step):
        linker, store, instance = self.slot(step["linker"]), self.slot(step["store"]), self.slot(step["instance"])
        if self.stores[instance._instance.store_id] is not store:
            raise Abort(WRONG_STORE)
        linker.define_instance(store, step["name"], instance)

    def do_defineModule(self, step):
        linker, store, module = self.slot(step["linker"]), self.slot(step["store"]), self.slot(step["module"])
        if self.engines[id(linker)] is not self.engines[id(store)]:
            raise Abort("different engines for this linker and the store provided")
        exports = [export.name for export in module.exports]
        if "_start" not in exports and self.engines[id(module)] is self.engines[id(linker)]:
            self.guard_sizes(linker, store, module)
        try:
            linker.define_module(store, step["name"], module)
        finally:
            # The Python package forgets to take an exception of a host function from here, and would raise it later.
            wasmtime._func.LAST_EXCEPTION = None

    def do_allowShadowing(self, step):
        self.slot(step["linker"]).allow_shadowing = step["value"]

    def do_clone(self, step):
        original = self.slot(step["linker"])
        linker = wasmtime.Linker.__new__(wasmtime.Linker)
        linker._set_ptr(ffi.wasmtime_linker_clone(original.ptr()))
        linker.engine = original.engine
        self.keep(step, linker)
        self.engines[id(linker)] = original.engine

    def do_unknownAsTraps(self, step):
        linker, module = self.slot(step["linker"]), self.slot(step["module"])
        if self.engines[id(linker)] is not self.engines[id(module)]:
            raise Abort(None)
        linker.define_unknown_imports_as_traps(module)

    def do_unknownAsDefaults(self, step):
        linker, store, module = self.slot(step["linker"]), self.slot(step["store"]), self.slot(step["module"])
        if not self.engines[id(linker)] is self.engines[id(module)] is self.engines[id(store)]:
            raise Abort(None)
        linker.define_unknown_imports_as_default_values(store, module)

    def guard_sizes(self, linker, store, module):
        """Before an instantiation wasmtime asks the store for the size of each memory and table, whoever owns it."""
        found = []
        own = [s for s in self.stores.values() if self.engines[id(s)] is self.engines[id(linker)]]
        if not own:
            return  # nobody can own a memory or a table
        for name in self.imports[id(module)]:
            try:
                found.append(linker.get(own[0], *name))
            except wasmtime.WasmtimeError:
                return  # an unknown import is found out first
        for item in found:
            if isinstance(item, (wasmtime.Memory, wasmtime.Table)) and self.owner(item) is not store:
                raise Abort(None)

    def keep_instance(self, step, store, instance):
        self.keep(step, instance)
        if step.get("quiet"):
            return None
        return {name: self.describe(item) for name, item in instance.exports(store).items()}

    def do_instantiate(self, step):
        linker, store, module = self.slot(step["linker"]), self.slot(step["store"]), self.slot(step["module"])
        if self.engines[id(linker)] is self.engines[id(module)]:
            self.guard_sizes(linker, store, module)
        return self.keep_instance(step, store, linker.instantiate(store, module))

    def do_instantiatePre(self, step):
        self.keep(step, self.slot(step["linker"]).instantiate_pre(self.slot(step["module"])))

    def do_instantiateFromPre(self, step):
        pre, store = self.slot(step["pre"]), self.slot(step["store"])
        return self.keep_instance(step, store, pre.instantiate(store))

    def do_instance(self, step):
        store, module = self.slot(step["store"]), self.slot(step["module"])
        items = [self.slot(item) for item in step["items"]]
        return self.keep_instance(step, store, wasmtime.Instance(store, module, items))

    def guard_host_func(self, linker, store, module, name):
        """A function of the linker is made an item of the store, which must have the linker's engine."""
        if self.engines[id(linker)] is self.engines[id(store)]:
            return
        own = wasmtime.Store(self.engines[id(linker)])
        try:
            first, second = (linker.get(own, module, name) for _ in range(2))
        except wasmtime.WasmtimeError:
            return
        if isinstance(first, wasmtime.Func) and bytes(first._func) != bytes(second._func):
            raise Abort("cannot use a store with a different engine than a linker was created with")

    def do_get(self, step):
        linker, store = self.slot(step["linker"]), self.slot(step["store"])
        self.guard_host_func(linker, store, step["module"], step["name"])
        return self.keep_item(step, linker.get(store, step["module"], step["name"]))

    def do_getDefault(self, step):
        linker, store = self.slot(step["linker"]), self.slot(step["store"])
        self.guard_host_func(linker, store, step["module"], "")
        self.guard_host_func(linker, store, step["module"], "_start")
        return self.keep_item(step, linker.get_default(store, step["module"]))

    def do_export(self, step):
        instance = self.slot(step["instance"])
        item = instance.exports(self.stores[instance._instance.store_id]).get(step["name"])
        return item and self.keep_item(step, item)

    def do_call(self, step):
        func = self.slot(step["func"])
        if not isinstance(func, wasmtime.Func):
            raise Skip()
        store = self.owner(func)
        ty = func.type(store)
        results = func(store, *self.values(step["args"], ty.params))
        kinds = [type_name(t) for t in ty.results]
        if len(kinds) <= 1:
            return [self.show(results, kind) for kind in kinds]
        return [self.show(value, kind) for value, kind in zip(results, kinds)]

    def do_read(self, step):
        return self.describe(self.slot(step["item"]))

    def do_setFuel(self, step):
        self.slot(step["store"]).set_fuel(step["fuel"])

    def do_getFuel(self, step):
        return str(self.slot(step["store"]).get_fuel())

    def do_setDeadline(self, step):
        self.slot(step["store"]).set_epoch_deadline(step["ticks"])

    def do_setCallTimeout(self, step):
        pass

    def item_of(self, name, cls):
        item = self.slot(name)
        if not isinstance(item, cls):
            raise Skip()
        return item, self.owner(item)

    def do_setGlobal(self, step):
        item, store = self.item_of(step["global"], wasmtime.Global)
        item.set_value(store, *self.values([step["value"]], [item.type(store).content]))

    def do_growMemory(self, step):
        item, store = self.item_of(step["memory"], wasmtime.Memory)
        return item.grow(store, step["delta"])

    def do_growTable(self, step):
        item, store = self.item_of(step["table"], wasmtime.Table)
        return item.grow(store, step["delta"], self.value(step["init"]))

    def do_getElement(self, step):
        item, store = self.item_of(step["table"], wasmtime.Table)
        value = item.get(store, step["index"])
        if value is None:
            return "out of range"
        return self.show(value, type_name(item.type(store).element))

    def do_setElement(self, step):
        item, store = self.item_of(step["table"], wasmtime.Table)
        item.set(store, step["index"], self.value(step["value"]))


def offset(value):
    return None if value == 2**64 - 1 else value


def main():
    for line in sys.stdin:
        machine = Machine()
        outcomes = [machine.run(step) for step in json.loads(line)]
        print(json.dumps(outcomes), flush=True)


main()

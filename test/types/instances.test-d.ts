/** What must and must not compile where exports are typed, and where options and types are written down. */
import {
  Engine,
  type Extern,
  type Func,
  Global,
  Instance,
  type InstancePre,
  Linker,
  Memory,
  type Module,
  type SharedMemory,
  Store,
  Table,
  Tag,
  Trap,
  type TrapCode,
} from "../../src/index.ts";
import { type Equal, same } from "./same.ts";

declare const module: Module;
declare const pre: InstancePre<Calculator>;

type Calculator = { add(a: number, b: number): number; memory: Memory };

const store = new Store();
const linker = new Linker(store.engine);
const calculator = linker.instantiate<Calculator>(store, module);
same<Equal<typeof calculator, Instance<Calculator>>>();
same<Equal<ReturnType<typeof calculator.exports.add>, number>>();
same<Equal<typeof calculator.exports.memory, Memory>>();
calculator.exports.add(1, 2);
pre.instantiate(store).exports.add(1, 2);
new Instance<Calculator>(store, module, []).exports.memory.grow(1);
// Without a type argument every name may be there.
linker.instantiate(store, module).exports["anything"](1, "2");

// @ts-expect-error an argument of the wrong type
calculator.exports.add(1, "2");
// @ts-expect-error no such export
calculator.exports.subtract(1, 2);
// @ts-expect-error exports cannot be assigned
calculator.exports.memory = new Memory(store, { minimum: 1 });
// @ts-expect-error imports are items
new Instance(store, module, [() => {}]);
// @ts-expect-error no item
linker.define(store, "m", "f", () => {});

same<Equal<ReturnType<typeof calculator.getFunc>, Func | undefined>>();
same<Equal<ReturnType<typeof calculator.getMemory>, Memory | SharedMemory | undefined>>();
same<Equal<ReturnType<typeof calculator.getExport>, Extern | undefined>>();

// Options are objects of known members.
new Engine({ consumeFuel: true, wasmThreads: false, maxBacktraceFrames: 5 });
// @ts-expect-error no such option
new Engine({ fuel: true });
// @ts-expect-error an option of the wrong type
new Engine({ consumeFuel: 1 });
// @ts-expect-error options cannot be changed
new Engine().options.consumeFuel = true;
new Linker(store.engine, { allowShadowing: true });
// @ts-expect-error no such option
new Linker(store.engine, { shadowing: true });
store.setLimits({ memorySize: 1, trapOnGrowFailure: true });
// @ts-expect-error no such limit
store.setLimits({ memory: 1 });

// The store's data has the type it was given, and that of the type argument.
const counting = new Store(store.engine, { data: { calls: 0 } });
same<Equal<typeof counting.data.calls, number>>();
counting.data = { calls: 1 };
// @ts-expect-error data of another type
counting.data = "1";
same<Equal<typeof store.data, undefined>>();
// A store with data serves where any store does.
linker.instantiate(counting, module);

// Types are literals with defaults.
new Global(store, { content: "i32" }, 1);
new Global(store, { content: { ref: "func", nullable: false }, mutable: true }, null);
new Memory(store, { minimum: 1n, maximum: 2, address: "i64" });
new Table(store, { element: "externref", minimum: 1 }, "anything");
new Tag(store, { params: ["i32"] });
// @ts-expect-error no value type
new Global(store, { content: "int" }, 1);
// @ts-expect-error a table holds references
new Table(store, { element: "i32", minimum: 1 }, 0);
// @ts-expect-error the minimum is missing
new Memory(store, { maximum: 1 });
// @ts-expect-error no such address type
new Memory(store, { minimum: 1, address: "i16" });

// Kinds of types are told apart by `kind`.
for (const { type } of module.imports) {
  if (type.kind === "global") same<Equal<typeof type.mutable, boolean>>();
  // @ts-expect-error only globals are mutable
  if (type.kind === "memory") type.mutable;
}

const trap = new Trap("made by hand");
same<Equal<typeof trap.trapCode, TrapCode | undefined>>();
switch (trap.trapCode) {
  case "UNREACHABLE":
    break;
  // @ts-expect-error no such code
  case "UNREACHED":
    break;
}

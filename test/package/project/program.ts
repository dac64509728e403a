/**
 * Everything the package exports, used once as a project would: compiled against the published declarations with no
 * library but ECMAScript's, then run.
 */
import {
  type BytesSource,
  Caller,
  ClosedError,
  CompileError,
  CrossEngineError,
  CrossStoreError,
  DuplicateDefinitionError,
  Engine,
  type EngineOptions,
  type EpochHandle,
  ExitTrap,
  type ExportType,
  type Extern,
  type ExternType,
  type Frame,
  Func,
  type FuncSignature,
  type FuncType,
  Global,
  type GlobalType,
  type GlobalTypeInit,
  type HeapType,
  type HostFuncOptions,
  hostDirectory,
  type ImportType,
  IncompatibleImportError,
  Instance,
  InstancePre,
  incrementEpoch,
  LimitError,
  LinkError,
  Linker,
  Memory,
  MemoryDirectory,
  type MemoryType,
  type MemoryTypeInit,
  Module,
  type NumType,
  type ParamsOf,
  type Perms,
  type Preopen,
  type RefType,
  type ResourceLimiter,
  type ResultOf,
  SharedMemory,
  Store,
  type StoreLimits,
  Table,
  type TableType,
  type TableTypeInit,
  Tag,
  type TagType,
  Trap,
  type TrapCode,
  UnknownImportError,
  UnsupportedError,
  type ValType,
  type ValueOf,
  WasiConfig,
  type WasiDirectory,
  type WasiInput,
  type WasiOptions,
  type WasiOutput,
  WasmlinkError,
  WatSyntaxError,
  wasm2wat,
  wat2wasm,
} from "wasmlink";

function same<T>(actual: T, expected: T): void {
  if (!Object.is(actual, expected)) throw new Error(`Expected ${String(expected)}, got ${String(actual)}`);
}

function thrown<E extends Error>(type: abstract new (...args: any[]) => E, run: () => unknown): E {
  try {
    run();
  } catch (error) {
    if (error instanceof type) return error;
    throw error;
  }
  throw new Error(`Expected a ${type.name}`);
}

/** Holds only for types that are exactly the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function typesAre<_ extends true>(): void {}

// ------------------------------------------------------------------------------------ types
typesAre<Same<ValueOf<"i32">, number>>();
typesAre<Same<ValueOf<"i64">, bigint>>();
typesAre<Same<ValueOf<"v128">, Uint8Array>>();
typesAre<Same<ValueOf<"funcref">, Func | null>>();
typesAre<Same<ParamsOf<readonly ["i32", "i64"]>, [number, bigint]>>();
typesAre<Same<ResultOf<readonly []>, void>>();
typesAre<Same<ResultOf<readonly ["f64"]>, number>>();
const heapType: HeapType = { typeIndex: 0 };
const refTypes: RefType[] = [
  "nullexnref",
  { ref: heapType, nullable: true },
  { ref: "i31", nullable: false },
];
const numTypes: NumType[] = ["i32", "i64", "f32", "f64"];
const valTypes: ValType[] = [...numTypes, "v128", ...refTypes];
const signature: FuncSignature = { params: valTypes, results: [] };
const funcType: FuncType = { kind: "func", ...signature };
const globalInit: GlobalTypeInit = { content: "i64" };
const tableInit: TableTypeInit = { element: "funcref", minimum: 1n, maximum: 4 };
const memoryInit: MemoryTypeInit = { minimum: 1, maximum: 2n };
const externKinds: ExternType["kind"][] = ["func", "global", "table", "memory", "tag"];
same(externKinds.includes(funcType.kind), true);

// ----------------------------------------------------------------------------------- engine
const options: EngineOptions = { consumeFuel: true, epochInterruption: true, sharedMemory: true };
const engine = new Engine(options);
same<number>(engine.options.maxBacktraceFrames, 20);
same<boolean>(Engine.features()["simd"]!, true);
const handle: EpochHandle = engine.epochHandle;
engine.incrementEpoch();
incrementEpoch(handle);
const ticker = engine.startEpochTicker({ intervalMs: 1000 });
ticker[Symbol.dispose]();
thrown(TypeError, () => {
  // @ts-expect-error no such option
  new Engine({ fuel: true });
});

// ------------------------------------------------------------------------------------ store
const store = new Store(engine, { data: { calls: 0 } });
typesAre<Same<typeof store.data, { calls: number }>>();
same(store.engine, engine);
store.setFuel(10_000_000);
store.setFuel(10_000_000n);
typesAre<Same<ReturnType<typeof store.getFuel>, bigint>>();
store.setEpochDeadline(1_000_000);
store.epochDeadlineCallback((late) => (late.data.calls < 10 ? 1 : "trap"));
store.epochDeadlineTrap();
store.setCallTimeout(60_000);
store.setCallTimeout(undefined);
const limiter: ResourceLimiter = { memoryGrowing: (_current, desired) => desired < 2 ** 20 };
store.setLimiter(limiter);
const limits: StoreLimits = {
  memorySize: 2 ** 20,
  tableElements: 100,
  instances: 100,
  trapOnGrowFailure: false,
};
store.setLimits(limits);
store.gc();
const other: Store = new Store(engine);
other.close();
other[Symbol.dispose]();
thrown(ClosedError, () => other.setFuel(1));

// ----------------------------------------------------------------------------------- module
const text = `(module $adder
  (import "host" "add" (func $add (param i32 i32) (result i32)))
  (memory (export "memory") 1 4)
  (table (export "table") 2 funcref)
  (global (export "counter") (mut i64) (i64.const 5))
  (func (export "add") (param i32 i32) (result i32) (call $add (local.get 0) (local.get 1))))`;
const bytes = wat2wasm(text);
const source: BytesSource = bytes;
same(wasm2wat(bytes).includes("(module $adder"), true);
Module.validate(engine, source);
const module = new Module(engine, text);
same(module.engine, engine);
same<string | undefined>(module.name, "adder");
const [addImport] = module.imports as readonly [ImportType];
const [memoryExport] = module.exports as readonly [ExportType];
same(memoryExport.type.kind, module.getExport("memory")!.kind);
same(module.customSections("name").length, 1);
const stored: Uint8Array = module.serialize();
same(Module.deserialize(engine, stored).exports.length, 4);
typesAre<Same<ReturnType<typeof Module.compile>, Promise<Module>>>();
same((await Module.compile(engine, Promise.resolve(bytes).then(responseOf))).imports.length, 1);
same((await Module.compile(engine, text)).imports.length, 1);
function responseOf(body: Uint8Array<ArrayBuffer>) {
  return { ok: true, status: 200, url: "", arrayBuffer: async () => body.slice().buffer };
}

// ---------------------------------------------------------------------------------- externs
const plainOptions: HostFuncOptions = { accessCaller: true };
const add = new Func(
  store,
  { params: ["i32", "i32"], results: ["i32"] },
  (caller: Caller<{ calls: number }>, a: number, b: number) => {
    caller.data.calls += 1;
    caller.data = { calls: caller.data.calls };
    same(caller instanceof Caller, true);
    same(caller.store, store);
    same(caller.getMemory("memory"), caller.getExport("memory"));
    same(caller.getTable("memory"), undefined);
    same(caller.getGlobal("memory"), undefined);
    same(caller.getFunc("add"), caller.getExport("add"));
    return a + b;
  },
  plainOptions,
);
same(add.type.results[0]!, "i32");
same<Store<any>>(add.store, store);
const global = new Global(store, { content: "i64", mutable: true }, 7n);
global.value = 8;
same(global.value, 8n);
const globalType: GlobalType = new Global(store, globalInit, 0).type;
same(globalType.mutable, false);
const table = new Table(store, tableInit, null);
table.set(0, add);
same(table.get(0), add);
same(table.get(9), undefined);
same<number>(table.grow(2, null), 1);
table.fill(1, add, 2);
table.copy(0, table, 1, 2);
const tableType: TableType = table.type;
same(`${table.size} ${tableType.minimum} ${tableType.address}`, "3 1 i32");
const memory = new Memory(store, memoryInit);
same(memory.write(Uint8Array.of(104, 105), 8), 2);
same(memory.readString(8, 2), "hi");
same(memory.writeString("ho", 10), 2);
same(memory.read(8, 12).length, 4);
same(memory.data().length, memory.byteLength);
same(memory.grow(1), 1);
const memoryType: MemoryType = memory.type;
same(memory.size * memory.pageSize, memory.byteLength + 0 * Number(memoryType.minimum));
const shared = new SharedMemory(engine, { minimum: 1, maximum: 2, shared: true });
same(shared.grow(0), shared.size);
same(shared.data().length, shared.byteLength);
const buffer: SharedArrayBuffer = shared.buffer;
same(buffer.byteLength, shared.type.pageSize);
const tag = new Tag(store, { params: ["i32"] });
const tagType: TagType = tag.type;
same(tag.equals(new Tag(store, tagType)), false);

// -------------------------------------------------------------------------------- instances
type Adder = { add(a: number, b: number): number; memory: Memory };
const instance = new Instance<Adder>(store, module, [add]);
same(instance.exports.add(1, 2), 3);
same(store.data.calls, 1);
same<Extern | undefined>(instance.exports.memory, instance.getExport("memory"));
same(instance.getFunc("add") instanceof Func, true);
same(instance.getMemory("memory") instanceof Memory, true);
same(instance.getTable("table")?.size, 2);
same(instance.getGlobal("counter")?.value, 5n);
same(instance.getTag("counter"), undefined);
same(instance.module, module);
same<Store<any>>(instance.store, store);
same(typeof instance.native.exports["add"], "function");
const typed: Func<[a: number, b: number], number> = instance.getFunc("add")!;
typesAre<Same<ReturnType<typeof typed>, number>>();
// @ts-expect-error the export takes numbers
thrown(TypeError, () => instance.exports.add("1", 2));
// @ts-expect-error exports are read-only
thrown(TypeError, () => (instance.exports.add = () => 0));

// ----------------------------------------------------------------------------------- linker
const linker = new Linker(engine, { allowShadowing: true, allowUnknownExports: false });
same(linker.engine, engine);
linker.allowUnknownExports = true;
linker.allowShadowing = false;
same(linker.missingImports(module)[0]?.name, "add");
linker
  .defineFunc("host", "add", { params: ["i32", "i32"], results: ["i32"] }, (a, b) => {
    typesAre<Same<typeof a, number>>();
    return a + b;
  })
  .defineFunc("host", "swap", { params: ["i64", "f32"], results: ["f32", "i64"] }, (a, b) => [b, a])
  .defineFunc("host", "log", { params: ["externref"], results: [] }, (value) => {
    typesAre<Same<typeof value, unknown>>();
  })
  .defineFunc(
    "host",
    "peek",
    { params: ["i32"], results: ["i32"] },
    (caller, pointer) => {
      typesAre<Same<typeof caller, Caller>>();
      return caller.getMemory("memory")!.data()[pointer] ?? 0;
    },
    { accessCaller: true },
  )
  .define(store, "host", "memory", memory)
  .defineInstance(store, "adder", instance)
  .defineModule(store, "empty", new Module(engine, "(module)"))
  .defineWasi()
  .alias("host", "add", "env", "add")
  .aliasModule("host", "host2");
const clone = linker
  .clone()
  .defineUnknownImportsAsTraps(new Module(engine, '(module (import "no" "f" (func)))'))
  .defineUnknownImportsAsDefaultValues(store, new Module(engine, '(module (import "no" "g" (global i32)))'))
  .defineImports(store, { glue: { f: (a: number) => a + 1 } });
same(clone.has("no", "g") && clone.has("glue", "f") && !linker.has("no", "f"), true);
const linked = linker.instantiate<Adder>(store, module);
same(linked.exports.add(2, 3), 5);
const pre: InstancePre<Adder> = linker.instantiatePre<Adder>(module);
same(pre instanceof InstancePre && pre.module === module, true);
same(pre.instantiate(store).exports.add(3, 4), 7);
same<Extern>(linker.get(store, "host", "memory"), memory);
same<Extern | undefined>(linker.getByImport(store, { ...addImport, module: "none" }), undefined);
same(linker.getDefault(store, "host")(), undefined);
const names = [...linker].filter(({ module: from, type }) => from === "adder" && type.kind === "memory");
same(names[0]?.name, "memory");
same(linker.toImports(store, module)["host"]?.["add"](4, 5), 9);

// ----------------------------------------------------------------------------------- errors
const unknown = thrown(UnknownImportError, () => new Linker(engine).instantiate(store, module));
same(
  `${unknown.importModule} ${unknown.importName} ${unknown.type.kind} ${unknown.missing.length}`,
  "host add func 1",
);
same(unknown instanceof LinkError && unknown instanceof WasmlinkError && unknown.code, "ERR_UNKNOWN_IMPORT");
const incompatible = thrown(IncompatibleImportError, () => new Instance(store, module, [memory]));
same(
  `${incompatible.importName}: ${incompatible.expected.kind}, ${incompatible.actual.kind}`,
  "add: func, memory",
);
thrown(DuplicateDefinitionError, () => linker.define(store, "host", "memory", memory));
thrown(CrossStoreError, () => new Linker(engine).define(new Store(engine), "", "", memory));
thrown(CrossEngineError, () => linker.instantiate(new Store(), new Module(engine, "(module)")));
const malformed: number | undefined = thrown(CompileError, () => new Module(engine, Uint8Array.of(0))).offset;
same(malformed === undefined || malformed >= 0, true);
const syntax = thrown(WatSyntaxError, () => new Module(engine, "(module\n  (funk))"));
same(`${syntax.line}:${syntax.column}`, "2:4");
const unsupported: UnsupportedError = thrown(UnsupportedError, () => {
  new SharedMemory(new Engine(), { minimum: 1, maximum: 1, shared: true });
});
typesAre<Same<typeof unsupported.reason, "host" | "config">>();
same(unsupported.feature, "sharedMemory");
thrown(LimitError, () => memory.grow(1));
const looping = new Module(engine, '(module (func $loop (export "loop") loop br 0 end))');
store.setFuel(1000);
const trap = thrown(Trap, () => new Instance(store, looping, []).exports["loop"]());
const code: TrapCode | undefined = trap.trapCode;
const frame: Frame | undefined = trap.frames[0];
same(
  `${code} in ${frame?.funcName} of ${frame?.moduleName}, ${frame?.funcIndex}`,
  "OUT_OF_FUEL in loop of undefined, 0",
);
typesAre<Same<Frame["moduleOffset"] | Frame["funcOffset"], number | undefined>>();
same(new Trap("made by the host").trapCode, undefined);

// ------------------------------------------------------------------------------------- WASI
const files = new MemoryDirectory({ "a.txt": "a", sub: new MemoryDirectory() }, { maxBytes: 1000 });
files.writeFile("sub/b.txt", Uint8Array.of(98));
same(`${files.list()} ${files.list("sub")} ${files.readFile("sub/b.txt").length}`, "a.txt,sub b.txt 1");
const perms: Perms = "read";
const preopen: Preopen = { directory: files, dirPerms: perms, filePerms: perms };
const host: WasiDirectory = hostDirectory(".");
same(`${host.kind} ${files.kind}`, "host memory");
const stdin: WasiInput = (maxBytes) => (maxBytes > 0 ? null : new Uint8Array());
const stdout: WasiOutput = (chunk) => chunk.length;
const wasiOptions: WasiOptions = {
  args: ["program"],
  env: { LANG: "C" },
  stdin,
  stdout,
  stderr: "null",
  preopens: { "/": files, "/read": preopen },
  clock: { realtimeNs: () => 0n, monotonicNs: () => 0n },
  random: (block) => void block.fill(4),
  maxOpenFiles: 10,
  requireRaceFree: true,
};
store.setFuel(1000);
store.setWasi(new WasiConfig(wasiOptions));
const exiting = new Module(
  engine,
  `(module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (memory (export "memory") 1)
    (func (export "_start") (call $exit (i32.const 3))))`,
);
const exit = thrown(ExitTrap, () => linker.instantiate(store, exiting).exports["_start"]());
same(exit.exitCode + 0 * exit.frames.length, 3);

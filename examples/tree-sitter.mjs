// Parses JavaScript with tree-sitter: two WebAssembly modules that share memory, table and mutable globals, linked by
// name, without the JavaScript that was generated for them.
//
//     node examples/tree-sitter.mjs [FILE]
//
// The runtime (npm: web-tree-sitter) and the grammar (npm: tree-sitter-javascript) are position-independent modules:
// each says in its `dylink.0` section how much memory and table it wants, and imports the places it was given.
// https://github.com/WebAssembly/tool-conventions/blob/main/DynamicLinking.md
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { argv, cwd } from "node:process";
import { fileURLToPath } from "node:url";
import { Engine, Global, Linker, Memory, Module, Store, Table } from "wasmlink";

const pageSize = 65_536;
const stackBytes = pageSize;
const staticBase = 1024; // address 0 stays unused, so that no object has it

const engine = new Engine();
const store = new Store(engine);
const linker = new Linker(engine);

async function load(specifier) {
  return new Module(engine, await readFile(new URL(import.meta.resolve(specifier))));
}

const i32 = (value, mutable = false) => new Global(store, { content: "i32", mutable }, value);
const alignUp = (address, alignment) => Math.ceil(address / alignment) * alignment;

/** What a module asks for in the first subsection of `dylink.0`: sizes, and alignments as powers of two. */
function wantedSpace(module) {
  const [section] = module.customSections("dylink.0");
  let position = 0;
  const readU32 = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = section[position++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const kind = readU32();
  if (kind !== 1) throw new Error(`Expected a memory subsection, got kind ${kind}`);
  readU32(); // size of the subsection
  const [memoryBytes, memoryAlignment, tableElements] = [readU32(), 2 ** readU32(), readU32()];
  return { memoryBytes, memoryAlignment, tableElements };
}

/** Instantiates a module at a place in memory and table, and lets it initialise what it has there. */
function instantiateAt(module, memoryBase, tableBase) {
  const instance = linker
    .clone() // each module has its own two bases; everything else is shared
    .define(store, "env", "__memory_base", i32(memoryBase))
    .define(store, "env", "__table_base", i32(tableBase))
    .instantiate(store, module);
  instance.exports.__wasm_apply_data_relocs();
  instance.exports.__wasm_call_ctors();
  return instance;
}

// The runtime's data comes first, the C stack (which grows down) next, the heap last.
const runtimeModule = await load("web-tree-sitter/web-tree-sitter.wasm");
const runtimeSpace = wantedSpace(runtimeModule);
const stackLow = alignUp(staticBase + runtimeSpace.memoryBytes, 16);
const stackHigh = stackLow + stackBytes;

const wantedMemory = runtimeModule.imports.find(({ type }) => type.kind === "memory").type;
const memory = new Memory(store, wantedMemory);
const table = new Table(store, { element: "funcref", minimum: 1 + runtimeSpace.tableElements }, null);

linker.define(store, "env", "memory", memory);
linker.define(store, "env", "__indirect_function_table", table);
linker.define(store, "env", "__stack_pointer", i32(stackHigh, true));
linker.define(store, "GOT.mem", "__stack_low", i32(stackLow, true));
linker.define(store, "GOT.mem", "__stack_high", i32(stackHigh, true));
linker.define(store, "GOT.mem", "__heap_base", i32(stackHigh, true));

// The runtime pulls its input in pieces of UTF-16.
let source = "";
const pieceLength = 4096;
linker.defineFunc(
  "env",
  "tree_sitter_parse_callback",
  { params: ["i32", "i32", "i32", "i32", "i32"], results: [] },
  (buffer, index, _row, _column, lengthAddress) => {
    const piece = source.slice(index, index + pieceLength);
    const units = Uint16Array.from({ length: piece.length }, (_, position) => piece.charCodeAt(position));
    memory.write(new Uint8Array(units.buffer), buffer);
    memory.write(new Uint8Array(Int32Array.of(piece.length).buffer), lengthAddress);
  },
);
linker.defineFunc(
  "env",
  "tree_sitter_progress_callback",
  { params: ["i32", "i32"], results: ["i32"] },
  () => 0,
);
linker.defineFunc("env", "emscripten_resize_heap", { params: ["i32"], results: ["i32"] }, (wantedBytes) => {
  memory.grow(Math.ceil((wantedBytes - memory.byteLength) / pageSize));
  return 1;
});
// Logging, queries and abort(): never called here. Should they be, they trap with their names.
linker.defineUnknownImportsAsTraps(runtimeModule);

const runtimeInstance = instantiateAt(runtimeModule, staticBase, 1);
const runtime = runtimeInstance.exports;

// The grammar finds the runtime's functions by their names in "env". Its own data goes into the runtime's heap.
linker.defineInstance(store, "env", runtimeInstance);
const grammarModule = await load("tree-sitter-javascript/tree-sitter-javascript.wasm");
const grammarSpace = wantedSpace(grammarModule);
const memoryBase = alignUp(
  runtime.malloc(grammarSpace.memoryBytes + grammarSpace.memoryAlignment),
  grammarSpace.memoryAlignment,
);
const tableBase = table.grow(grammarSpace.tableElements, null);
const grammar = instantiateAt(grammarModule, memoryBase, tableBase).exports;

// From here on the C API of tree-sitter is there to be called.
const readI32 = (address) => new DataView(memory.data().buffer).getInt32(address, true);

function parse(text) {
  source = text;
  const transfer = runtime.ts_init(); // where results of more than one value are left
  runtime.ts_parser_new_wasm();
  const [parser, input] = [readI32(transfer), readI32(transfer + 4)];
  runtime.ts_parser_set_language(parser, grammar.tree_sitter_javascript());
  const tree = runtime.ts_parser_parse_wasm(parser, input, 0, 0, 0);
  runtime.ts_tree_root_node_wasm(tree);
  const start = runtime.ts_node_to_string_wasm(tree);
  return memory.readString(start, runtime.strlen(start));
}

/** Breaks an S-expression into one indented line per node. */
function indent(expression) {
  let depth = -1;
  return expression.replace(/ ?(\w+: )?\(|\)/g, (match, field = "") => {
    if (match === ")") {
      depth--;
      return match;
    }
    depth++;
    return `${depth > 0 ? "\n" : ""}${"  ".repeat(depth)}${field}(`;
  });
}

const file = argv[2] ?? fileURLToPath(new URL("gcd.mjs", import.meta.url));
console.log(`${relative(cwd(), file)}:`);
console.log(indent(parse(await readFile(file, "utf8"))));

/**
 * Module: compiled code, not yet instantiated.
 *
 * @packageDocumentation
 */
import { customSections } from "../binary/custom-sections.ts";
import { InstructionCursor } from "../binary/instructions.ts";
import type { ExportInfo, ExternDesc, ModuleInfo } from "../binary/module-info.ts";
import { Names } from "../binary/names.ts";
import { escapingImports } from "../binary/references.ts";
import { bodyAt, type FunctionBody, functionBodies, readLocals } from "../binary/segments.ts";
import type { ExternType } from "../binary/types.ts";
import type { ExportType, ImportType } from "../errors.ts";
import { type NativeModule, webAssembly } from "../host/webassembly.ts";
import { formIn, instrumentedFile, originalIn } from "./ahead-of-time.ts";
import { show } from "./arguments.ts";
import { type Code, CodeForms, type Flavour } from "./code.ts";
import { decodeChecked, smallModule, validate } from "./compilation.ts";
import { assertEngine, type Engine } from "./engine.ts";
import { externTypeOf, type MatchType } from "./matching.ts";
import { deserializedBytes, serializedModule } from "./serialization.ts";
import { type BytesSource, binaryFrom, bytesFrom, type ResponseLike, sourceFrom } from "./source.ts";
import type { Store } from "./store.ts";

/**
 * Compiled code, ready to be instantiated any number of times in stores of its engine.
 *
 * Accepts the text format wherever it accepts bytes. Large sources are kept, not copied: leave their bytes unchanged
 * while the module lives.
 *
 * Mirrors `wasmtime::Module`. Spec: JavaScript interface, "Modules".
 *
 * @example
 * ```ts
 * const module = new Module(new Engine(), '(module (func (export "run")))');
 * console.log(module.exports[0]?.name); // "run"
 * ```
 */
export class Module {
  readonly engine: Engine;
  /** @internal */
  readonly info: ModuleInfo;
  readonly #forms: CodeForms;
  // What only instantiation and reflection need is found out when they ask.
  #canonical: readonly number[] | undefined;
  #importTypes: readonly MatchType[] | undefined;
  #functionImports: readonly number[] | undefined;
  #escapes: readonly boolean[] | undefined;
  #names: Names | undefined;
  #imports: readonly ImportType[] | undefined;
  #exports: readonly ExportType[] | undefined;
  #exportsByName: ReadonlyMap<string, ExportInfo> | undefined;
  #bodies: readonly FunctionBody[] | undefined;

  /**
   * Compiles a module.
   *
   * @param engine - whose options apply
   * @param source - a binary, or text when it is a string or does not start with a zero byte
   * @throws {TypeError} an argument has the wrong type
   * @throws {WatSyntaxError} the text is malformed
   * @throws {CompileError} the module is malformed, invalid, or uses a proposal the engine's options switch off
   * @throws {UnsupportedError} the module uses a proposal the JavaScript engine lacks
   */
  constructor(engine: Engine, source: BytesSource | string);
  /** @internal */
  constructor(engine: Engine, info: ModuleInfo, forms: CodeForms);
  constructor(engine: Engine, source: BytesSource | string | ModuleInfo, forms?: CodeForms) {
    assertEngine(engine);
    this.engine = engine;
    if (forms !== undefined) {
      this.info = source as ModuleInfo;
      this.#forms = forms;
      return;
    }
    this.info = read(engine, binaryFrom(source as BytesSource | string));
    this.#forms = new CodeForms(this.info, engine);
    // The module as it is comes first: the engine validates it, and only valid code can be instrumented.
    this.#forms.get(unchanged);
    this.#forms.get({ ...unchanged, metering: engine.metering });
  }

  /**
   * Compiles a module without blocking the thread, where the JavaScript engine can.
   *
   * @param engine - whose options apply
   * @param source - as the constructor's, or a response (of `fetch`) or a promise of one
   * @returns a promise that is rejected with what the constructor would throw, or with a `WasmlinkError` when the
   * response is not a success
   */
  static async compile(
    engine: Engine,
    source: BytesSource | string | ResponseLike | PromiseLike<ResponseLike>,
  ): Promise<Module> {
    assertEngine(engine);
    const info = read(engine, binaryFrom(await sourceFrom(source)));
    const forms = new CodeForms(info, engine);
    await forms.prepare(unchanged);
    await forms.prepare({ ...unchanged, metering: engine.metering });
    return new Module(engine, info, forms);
  }

  /**
   * Checks a binary module against the engine's options and the WebAssembly specification.
   *
   * @throws {CompileError} it is malformed or invalid; the message starts with the reason
   */
  static validate(engine: Engine, bytes: BytesSource): void {
    assertEngine(engine);
    validate(bytesFrom(bytes), engine);
  }

  /**
   * Reads what {@link Module.serialize} wrote.
   *
   * @throws {WasmlinkError} the bytes are something else, or the engine's options do not fit
   */
  static deserialize(engine: Engine, bytes: BytesSource): Module {
    assertEngine(engine);
    return new Module(engine, deserializedBytes(bytesFrom(bytes), engine));
  }

  /**
   * Takes a module the host has compiled, for hosts that refuse to compile from bytes.
   *
   * Fuel, epochs, limits on growth and start functions need other code: have `wasmlink instrument` write it at build time.
   * A store with limits compiles it from the bytes otherwise.
   *
   * @param engine - whose options apply: those that the module was instrumented for
   * @param compiled - the engine's `WebAssembly.Module`
   * @param bytes - the binary it was compiled from, for types and names
   * @throws {TypeError} `compiled` is no `WebAssembly.Module`
   * @throws {CompileError} the bytes are malformed, or use a proposal the engine's options switch off
   * @throws {WasmlinkError} the module was instrumented for other options, or by another version of wasmlink
   * @throws {UnsupportedError} the module needs changes before it is compiled, and was not instrumented
   */
  static fromNative(engine: Engine, compiled: NativeModule, bytes: BytesSource): Module {
    assertEngine(engine);
    if (!(compiled instanceof webAssembly().Module))
      throw new TypeError(`Expected a WebAssembly.Module, got ${show(compiled)}`);
    const given = read(engine, bytesFrom(bytes));
    const original = originalIn(given, engine);
    const info = original === undefined ? given : read(engine, original);
    const forms = new CodeForms(info, engine);
    if (original === undefined) forms.adopt(compiled, { ...unchanged, metering: engine.metering });
    else forms.adoptInstrumented(compiled, formIn(given.bytes, info, engine));
    return new Module(engine, info, forms);
  }

  /** The form a store runs. @internal */
  codeFor(store: Store<any>, separateImports: boolean): Code {
    return this.#forms.get(store.flavour(separateImports));
  }

  /** A container of the module's bytes for {@link Module.deserialize}; compiled code is not in it. */
  serialize(): Uint8Array {
    return serializedModule(this.info.bytes, this.engine);
  }

  /**
   * The module as its engine's options have it instrumented: a binary for the host to compile and {@link Module.fromNative}
   * to take, together with the compiled module. `wasmlink instrument` writes it at build time.
   *
   * It holds the original as well, and is made anew with each version of wasmlink. What it cannot do without compiling
   * more is to give away functions that it imports: in tables, as references, as exports.
   *
   * @throws {UnsupportedError} a function becomes larger than engines allow
   */
  instrument(): Uint8Array {
    return instrumentedFile(this);
  }

  /** Name of the module in its name section. */
  get name(): string | undefined {
    return this.names.module;
  }

  /** Imports in the module's order, with their types; a name may occur twice. */
  get imports(): readonly ImportType[] {
    this.#imports ??= Object.freeze(
      this.info.imports.map(({ module, name, desc }) =>
        Object.freeze({ module, name, type: this.#externType(desc) }),
      ),
    );
    return this.#imports;
  }

  /** Exports in the module's order, with their types. */
  get exports(): readonly ExportType[] {
    this.#exports ??= Object.freeze(
      this.info.exports.map((entry) => Object.freeze({ name: entry.name, type: this.#exportType(entry) })),
    );
    return this.#exports;
  }

  /** Type of the export of this name. */
  getExport(name: string): ExternType | undefined {
    const entry = this.exportNamed(name);
    return entry && this.#exportType(entry);
  }

  /** Contents of the custom sections of this name, copied. */
  customSections(name: string): Uint8Array[] {
    if (typeof name !== "string") throw new TypeError(`Expected \`name\` to be a string, got ${show(name)}`);
    return customSections(this.info, name);
  }

  /** Types of the imports, as matching needs them. @internal */
  get importTypes(): readonly MatchType[] {
    this.#importTypes ??= this.info.imports.map(({ desc }) => this.#matchType(desc));
    return this.#importTypes;
  }

  /** Position among the imports of each imported function. @internal */
  get functionImports(): readonly number[] {
    this.#functionImports ??= this.info.imports.flatMap(({ desc }, position) =>
      desc.kind === "func" ? [position] : [],
    );
    return this.#functionImports;
  }

  /**
   * Of every import, whether it is a function that wasm can make references to, under this or an equal name.
   * @internal
   */
  get escapes(): readonly boolean[] {
    this.#escapes ??= this.#findEscapes();
    return this.#escapes;
  }

  #findEscapes(): readonly boolean[] {
    const { imports } = this.info;
    const escaping = escapingImports(this.info).map((index) => imports[this.functionImports[index]!]!);
    const names = new Map<string, Set<string>>();
    for (const { module, name } of escaping) {
      const fields = names.get(module) ?? new Set();
      names.set(module, fields.add(name));
    }
    return imports.map(({ module, name }) => names.get(module)?.has(name) ?? false);
  }

  /** @internal */
  get names(): Names {
    this.#names ??= new Names(this.info);
    return this.#names;
  }

  /** @internal */
  exportNamed(name: string): ExportInfo | undefined {
    this.#exportsByName ??= new Map(this.info.exports.map((entry) => [entry.name, entry]));
    return this.#exportsByName.get(name);
  }

  /** Canonical index of the type of a function, or undefined where there is none. @internal */
  functionType(index: number): number | undefined {
    const typeIndex = this.info.functions[index];
    return typeIndex === undefined ? undefined : this.#typeIndices[typeIndex];
  }

  /** Type of an entry of an index space, as matching needs it. @internal */
  typeOf({ kind, index }: Pick<ExportInfo, "kind" | "index">): MatchType {
    return this.#matchType(this.#descOf(kind, index));
  }

  /** The function whose body holds an offset, with the body. @internal */
  functionAt(offset: number): ({ readonly index: number } & FunctionBody) | undefined {
    const defined = bodyAt(this.#functionBodies, offset);
    const body = this.#functionBodies[defined];
    return body && { index: defined + this.info.imported.func, ...body };
  }

  /** Which of some instructions the module has. @internal */
  instructionsAmong(names: readonly string[]): ReadonlySet<string> {
    const found = new Set<string>();
    for (const body of this.#functionBodies) {
      const { bytes } = this.info;
      const cursor = new InstructionCursor(bytes, readLocals(bytes, body).code, body.end);
      while (cursor.advance()) if (names.includes(cursor.operator.name)) found.add(cursor.operator.name);
    }
    return found;
  }

  get #functionBodies(): readonly FunctionBody[] {
    this.#bodies ??= functionBodies(this.info);
    return this.#bodies;
  }

  /** Index of the first function of this name, for traces that tell nothing else. @internal */
  functionNamed(name: string | undefined): number | undefined {
    for (const [index, found] of this.names.functions) if (found === name) return index;
    return undefined;
  }

  /** Canonical index of each type of the module. */
  get #typeIndices(): readonly number[] {
    this.#canonical ??= this.engine.types.canonicalize(this.info);
    return this.#canonical;
  }

  #descOf(kind: ExportInfo["kind"], index: number): ExternDesc {
    const { functions, tables, memories, globals, tags } = this.info;
    switch (kind) {
      case "func":
        return { kind, typeIndex: functions[index]! };
      case "tag":
        return { kind, typeIndex: tags[index]! };
      case "table":
        return tables[index]!;
      case "memory":
        return memories[index]!;
      case "global":
        return globals[index]!;
    }
  }

  #matchType(desc: ExternDesc): MatchType {
    const { types } = this.engine;
    switch (desc.kind) {
      case "func": {
        const typeIndex = this.#typeIndices[desc.typeIndex]!;
        return desc.exact ? { kind: "func", typeIndex, exact: true } : { kind: "func", typeIndex };
      }
      case "tag":
        return { kind: "tag", typeIndex: this.#typeIndices[desc.typeIndex]! };
      case "global":
        return Object.freeze({ ...desc, content: types.canonicalValType(desc.content, this.#typeIndices) });
      case "table":
        return Object.freeze({ ...desc, element: types.canonicalValType(desc.element, this.#typeIndices) });
      case "memory":
        return Object.freeze(desc);
    }
  }

  #externType(desc: ExternDesc): ExternType {
    return externTypeOf(this.#matchType(desc), this.engine.types);
  }

  #exportType({ kind, index }: ExportInfo): ExternType {
    return this.#externType(this.#descOf(kind, index));
  }
}

/** The module without instrumentation. */
const unchanged: Flavour = { metering: undefined, guardGrowth: false, separateImports: false };

function read(engine: Engine, bytes: Uint8Array<ArrayBuffer>): ModuleInfo {
  return decodeChecked(bytes.length <= smallModule ? bytes.slice() : bytes, engine);
}

/** Narrows an argument to a Module. @internal */
export function assertModule(value: unknown): asserts value is Module {
  if (!(value instanceof Module)) throw new TypeError(`Expected a Module, got ${show(value)}`);
}

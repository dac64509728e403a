/**
 * The error classes and the rendering of cause chains.
 *
 * Argument mistakes are plain `TypeError` and `RangeError`; everything else that goes wrong in this library is a
 * {@link WasmlinkError}. Traps live in `runtime/trap.ts`.
 *
 * @packageDocumentation
 */
import type { ExternType } from "./binary/types.ts";

const brand: unique symbol = Symbol.for("wasmlink.error");
const ordinaryHasInstance = Function.prototype[Symbol.hasInstance];

/**
 * Renders a chain of failures the way wasmtime does: the first message, then every cause on a line of its own.
 *
 * @internal
 */
function renderChain(chain: readonly string[]): string {
  const [first = "", ...causes] = chain;
  if (causes.length === 0) return first;
  const lines = causes.map((cause, index) =>
    causes.length === 1 ? `    ${cause}\n` : `${String(index).padStart(5)}: ${cause}\n`,
  );
  return `${first}\n\nCaused by:\n${lines.join("")}`;
}

/**
 * The messages of an error and its causes, outermost first.
 *
 * @internal
 */
function chainOf(error: unknown): readonly string[] {
  if (error instanceof WasmlinkError) return error.chain;
  return [error instanceof Error ? error.message : String(error)];
}

/** Options of the error constructors. */
export interface WasmlinkErrorOptions {
  /** Stable identifier of the failure; every class has its own default. */
  readonly code?: string;
  /** What caused the failure. Its messages are rendered below this one's. */
  readonly cause?: unknown;
}

/**
 * Base class of every error this library raises on its own account.
 *
 * `message` is wasmtime's text for the same failure with its cause chain rendered below ("…\n\nCaused by:\n    …").
 * `instanceof` also recognises errors of a second installed copy of the package.
 *
 * Mirrors wasmtime's `WasmtimeError` (Python) and `wasmtime::Error` (Rust).
 */
export class WasmlinkError extends Error {
  /** Stable identifier of the kind of failure, for programs. */
  readonly code: string;
  /** @internal the messages behind `message`, outermost first */
  chain: readonly string[];

  constructor(message: string, options: WasmlinkErrorOptions = {}) {
    const chain =
      options.cause === undefined || options.cause === null
        ? [message]
        : [message, ...chainOf(options.cause)];
    const cause = typeof options.cause === "string" ? new WasmlinkError(options.cause) : options.cause;
    super(renderChain(chain), cause === undefined ? undefined : { cause });
    this.chain = chain;
    Object.defineProperty(this, "chain", { enumerable: false });
    this.code = options.code ?? "ERR_WASMLINK";
  }

  override get name(): string {
    return "WasmlinkError";
  }

  get [brand](): true {
    return true;
  }

  /** Puts a message in front of the chain. @internal */
  prepend(message: string): void {
    this.chain = [message, ...this.chain];
    this.message = renderChain(this.chain);
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (ordinaryHasInstance.call(this, value)) return true;
    if (typeof value !== "object" || value === null || !(brand in value)) return false;
    if (!Object.hasOwn(this.prototype, "name")) return false;
    const wanted = this.prototype.name;
    for (let proto = Object.getPrototypeOf(value); proto !== null; proto = Object.getPrototypeOf(proto)) {
      if (Object.getOwnPropertyDescriptor(proto, "name")?.get?.call(value) === wanted) return true;
    }
    return false;
  }
}

/** A module's bytes or text are malformed or invalid. */
export class CompileError extends WasmlinkError {
  /** Offset in the module, in bytes, where one is known. */
  readonly offset: number | undefined;

  constructor(message: string, offset?: number, options: WasmlinkErrorOptions = {}) {
    super(message, { code: "ERR_COMPILE", ...options });
    this.offset = offset;
  }

  override get name(): string {
    return "CompileError";
  }
}

/** Places further right than this are not shown below their line, only named. */
const maxShownColumn = 500;
/** These change the order in which text is displayed. */
const directionControls = /[\u202a\u202b\u202d\u202e\u2066-\u2069\u206c]/g;

function renderPlace(message: string, source: string, line: number, column: number): string {
  const place = `<anon>:${line}:${column}`;
  if (column > maxShownColumn) return `${message} at ${place}`;
  const shown = source.replaceAll("\t", "    ").replaceAll(directionControls, "");
  const caret = "^".padStart(column);
  return `${message}\n     --> ${place}\n      |\n ${String(line).padStart(4)} | ${shown}\n      | ${caret}`;
}

/**
 * A text module is malformed. The message shows the line and marks the place:
 *
 * ```text
 * unknown operator or unexpected token
 *      --> <anon>:1:28
 *       |
 *     1 | (module (func (result i32) foo))
 *       |                            ^
 * ```
 */
export class WatSyntaxError extends CompileError {
  /** Line of the mistake, from 1. */
  readonly line: number;
  /** Column of the mistake in Unicode code points, from 1. */
  readonly column: number;

  constructor(message: string, source: string, line: number, column: number) {
    super(renderPlace(message, source, line, column), undefined, { code: "ERR_WAT_SYNTAX" });
    this.line = line;
    this.column = column;
  }

  override get name(): string {
    return "WatSyntaxError";
  }
}

/** The JavaScript engine, or the configuration, lacks something the operation needs. */
export class UnsupportedError extends WasmlinkError {
  /** What is missing, as {@link Engine.features} or {@link EngineOptions} names it where it has a name there. */
  readonly feature: string;
  /** `"host"`: another JavaScript engine or version has it. `"config"`: an option switches it on. */
  readonly reason: "host" | "config";

  constructor(
    feature: string,
    reason: "host" | "config",
    message: string,
    options: WasmlinkErrorOptions = {},
  ) {
    super(message, { code: "ERR_UNSUPPORTED", ...options });
    this.feature = feature;
    this.reason = reason;
  }

  override get name(): string {
    return "UnsupportedError";
  }
}

/** Names or types do not fit together. */
export class LinkError extends WasmlinkError {
  constructor(message: string, options: WasmlinkErrorOptions = {}) {
    super(message, { code: "ERR_LINK", ...options });
  }

  override get name(): string {
    return "LinkError";
  }
}

/** One import of a module, as {@link Module.imports} lists it. */
export interface ImportType {
  readonly module: string;
  readonly name: string;
  readonly type: ExternType;
}

/** One export of a module, as {@link Module.exports} lists it. */
export interface ExportType {
  readonly name: string;
  readonly type: ExternType;
}

/** An import has no definition. Names the first one; {@link missing} holds them all. */
export class UnknownImportError extends LinkError {
  readonly importModule: string;
  readonly importName: string;
  readonly type: ExternType;
  /** Every import of the module that has no definition, in the module's order. */
  readonly missing: readonly ImportType[];

  constructor(missing: readonly [ImportType, ...ImportType[]]) {
    const [{ module, name, type }] = missing;
    super(`unknown import: \`${module}::${name}\` has not been defined`, { code: "ERR_UNKNOWN_IMPORT" });
    this.importModule = module;
    this.importName = name;
    this.type = type;
    this.missing = missing;
  }

  override get name(): string {
    return "UnknownImportError";
  }
}

/** A definition of the right name has the wrong type. */
export class IncompatibleImportError extends LinkError {
  readonly importModule: string;
  readonly importName: string;
  readonly expected: ExternType;
  readonly actual: ExternType;

  constructor(wanted: ImportType, actual: ExternType, detail: string) {
    super(`incompatible import type for \`${wanted.module}::${wanted.name}\``, {
      code: "ERR_INCOMPATIBLE_IMPORT",
      cause: detail,
    });
    this.importModule = wanted.module;
    this.importName = wanted.name;
    this.expected = wanted.type;
    this.actual = actual;
  }

  override get name(): string {
    return "IncompatibleImportError";
  }
}

/** A name is defined twice while shadowing is off. */
export class DuplicateDefinitionError extends LinkError {
  constructor(module: string, name: string) {
    super(`import of \`${module}::${name}\` defined twice`, { code: "ERR_DUPLICATE_DEFINITION" });
  }

  override get name(): string {
    return "DuplicateDefinitionError";
  }
}

/** An item of one store is used with another. */
export class CrossStoreError extends LinkError {
  constructor(message: string, options: WasmlinkErrorOptions = {}) {
    super(message, { code: "ERR_CROSS_STORE", ...options });
  }

  override get name(): string {
    return "CrossStoreError";
  }
}

/** Things of two engines meet. */
export class CrossEngineError extends LinkError {
  constructor(message: string, options: WasmlinkErrorOptions = {}) {
    super(message, { code: "ERR_CROSS_ENGINE", ...options });
  }

  override get name(): string {
    return "CrossEngineError";
  }
}

/** A store is used after {@link Store.close}, or a {@link Caller} after its call. */
export class ClosedError extends WasmlinkError {
  constructor(message = "already closed") {
    super(message, { code: "ERR_CLOSED" });
  }

  override get name(): string {
    return "ClosedError";
  }
}

/** A bound of the store forbids the operation. */
export class LimitError extends WasmlinkError {
  constructor(message: string, options: WasmlinkErrorOptions = {}) {
    super(message, { code: "ERR_LIMIT", ...options });
  }

  override get name(): string {
    return "LimitError";
  }
}

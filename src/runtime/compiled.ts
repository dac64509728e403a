/**
 * From a module's bytes to what the engine runs: checks, surgery where the engine's interface falls short, compilation.
 *
 * @packageDocumentation
 */
import { decodeModule } from "../binary/decode.ts";
import { DisabledFeatureError } from "../binary/feature-gates.ts";
import { checkFeatures } from "../binary/features.ts";
import type { ModuleInfo } from "../binary/module-info.ts";
import { Names } from "../binary/names.ts";
import { undeclaredReference } from "../binary/references.ts";
import { bodyAt, functionBodies } from "../binary/segments.ts";
import { CompileError, UnsupportedError } from "../errors.ts";
import { compileNative, compileNativeAsync, type FunctionNames, invalidFunction } from "../host/compile.ts";
import { engineFeatures } from "../host/features.ts";
import type { NativeModule } from "../host/webassembly.ts";
import { type OperatedModule, operate } from "../rewrite/surgery.ts";
import type { Engine } from "./engine.ts";

/**
 * Larger modules are neither copied nor given a name of their own: engines cache compiled code by the module's bytes,
 * and a copy costs a tenth of the compilation.
 */
const smallModule = 65_536;

/** A module ready for the engine. */
export interface Prepared extends OperatedModule {
  readonly info: ModuleInfo;
  /** The module name the engine shows in stack traces; undefined where the module keeps its own. */
  readonly stamp: string | undefined;
}

/** A module as the engine has it. */
export interface Compiled extends Prepared {
  readonly native: NativeModule;
}

let stamps = 0;

/**
 * Reads a module, checks the gates of the engine's options, and readies it: unique import names, the start function as
 * an export, a name for its frames.
 *
 * @throws {CompileError} it is malformed, or uses what the options switch off
 */
export function prepare(source: Uint8Array<ArrayBuffer>, engine: Engine): Prepared {
  const isSmall = source.length <= smallModule;
  const info = decodeChecked(isSmall ? source.slice() : source, engine);
  stamps += 1;
  const stamp = isSmall ? `wasmlink~${stamps}` : undefined;
  const plan = {
    uniqueImportNames: true,
    deferStart: true,
    ...(stamp === undefined ? {} : { moduleName: stamp }),
  };
  return { ...operate(info, plan), info, stamp };
}

function decodeChecked(bytes: Uint8Array<ArrayBuffer>, engine: Engine): ModuleInfo {
  try {
    const info = decodeModule(bytes);
    refuseDisabled(info, engine);
    refuseUndeclaredStart(info);
    return info;
  } catch (error) {
    if (error instanceof CompileError && error.chain.length === 1)
      error.prepend("failed to parse WebAssembly module");
    throw error;
  }
}

/** To call the start function we export it, which would allow references to it that are invalid. */
function refuseUndeclaredStart(info: ModuleInfo): void {
  const offset = info.start === undefined ? undefined : undeclaredReference(info, info.start);
  if (offset === undefined) return;
  const body = bodyAt(functionBodies(info), offset);
  throw invalidFunction(
    info.imported.func + body,
    "undeclared function reference",
    offset,
    functionNames(info),
  );
}

function refuseDisabled(info: ModuleInfo, engine: Engine): void {
  try {
    checkFeatures(info, engine.enabledFeatures);
  } catch (error) {
    const body =
      error instanceof CompileError && error.offset !== undefined
        ? bodyAt(functionBodies(info), error.offset)
        : -1;
    if (body < 0) throw error;
    const { offset, message } = error as CompileError;
    const text = message.replace(/ \(at offset 0x[0-9a-f]+\)$/, "");
    throw invalidFunction(info.imported.func + body, text, offset, functionNames(info));
  }
}

function functionNames(info: ModuleInfo, codeOffsetDelta = 0): FunctionNames {
  return {
    imported: info.imported.func,
    name: (index) => new Names(info).functions.get(index),
    codeOffsetDelta,
  };
}

/** Compiles. @throws {CompileError} the module is invalid @throws {UnsupportedError} the engine lacks a proposal */
export function compile(prepared: Prepared, engine: Engine): Compiled {
  try {
    return {
      ...prepared,
      native: compileNative(prepared.bytes, functionNames(prepared.info, prepared.codeOffsetDelta)),
    };
  } catch (error) {
    throw unsupportedFeature(error, prepared.info, engine) ?? error;
  }
}

/** {@link compile}, off the calling thread where the engine can. */
export async function compileAsync(prepared: Prepared, engine: Engine): Promise<Compiled> {
  try {
    return {
      ...prepared,
      native: await compileNativeAsync(
        prepared.bytes,
        functionNames(prepared.info, prepared.codeOffsetDelta),
      ),
    };
  } catch (error) {
    throw unsupportedFeature(error, prepared.info, engine) ?? error;
  }
}

/** A module that the host compiled from exactly these bytes. */
export function adopt(native: NativeModule, source: Uint8Array<ArrayBuffer>, engine: Engine): Compiled {
  const info = decodeChecked(source, engine);
  const operated = operate(info, { uniqueImportNames: true, deferStart: true });
  if (operated.bytes !== info.bytes)
    throw new UnsupportedError(
      "fromNative",
      "host",
      "the module has a start function or imports that share a name: it must be changed before it is compiled",
    );
  return { ...operated, info, stamp: undefined, native };
}

/**
 * Checks a binary module. The message is the reason alone, as wasmtime's `Module::validate` gives it.
 *
 * @throws {CompileError} the module is malformed, invalid, or uses what the options switch off
 */
export function validate(bytes: Uint8Array<ArrayBuffer>, engine: Engine): void {
  const info = decodeModule(bytes);
  checkFeatures(info, engine.enabledFeatures);
  try {
    compileNative(bytes, functionNames(info));
  } catch (error) {
    throw unsupportedFeature(error, info, engine) ?? (error instanceof CompileError ? bare(error) : error);
  }
}

function bare(error: CompileError): CompileError {
  const reason = error.chain.at(-1)!;
  const inFunction = /^Invalid input WebAssembly code(?: at offset \d+)?: (.*)$/s.exec(reason);
  if (inFunction === null) return new CompileError(reason, error.offset);
  const place = error.offset === undefined ? "" : ` (at offset 0x${error.offset.toString(16)})`;
  return new CompileError(`${inFunction[1]}${place}`, error.offset);
}

/** The proposal that explains why the engine refused a module, when it lacks one the module uses. */
function unsupportedFeature(error: unknown, info: ModuleInfo, engine: Engine): UnsupportedError | undefined {
  if (!(error instanceof CompileError)) return undefined;
  const available: Readonly<Record<string, boolean>> = engineFeatures();
  const present = [...engine.enabledFeatures].filter((feature) => available[feature] !== false);
  try {
    checkFeatures(info, new Set(present));
    return undefined;
  } catch (refusal) {
    if (!(refusal instanceof DisabledFeatureError)) return undefined;
    const { feature } = refusal;
    return new UnsupportedError(
      feature,
      "host",
      `the module uses the WebAssembly feature \`${feature}\`, which this JavaScript engine does not support`,
      { cause: error },
    );
  }
}

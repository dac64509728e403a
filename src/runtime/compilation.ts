/**
 * The checks a module passes before the engine has it, and the engine's own, told in wasmtime's words.
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
import type { Engine } from "./engine.ts";

/** Size in bytes up to which a module is cheap to copy and to read throughout. */
export const smallModule = 65_536;

/** Reads a module and checks the gates of the engine's options. @throws {CompileError} it fails either */
export function decodeChecked(bytes: Uint8Array<ArrayBuffer>, engine: Engine): ModuleInfo {
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

/**
 * To call the start function we export it, which would allow references to it that are invalid. Looking for them takes
 * reading all code; a large module that has one is harmless.
 */
function refuseUndeclaredStart(info: ModuleInfo): void {
  if (info.start === undefined || info.bytes.length > smallModule) return;
  const offset = undeclaredReference(info, info.start);
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

/**
 * Compiles what was made of a module.
 *
 * @param bytes - what the engine gets; its code is `codeOffsetDelta` bytes further back than the original's
 * @throws {CompileError} the module is invalid
 * @throws {UnsupportedError} the JavaScript engine lacks a proposal the module uses
 */
export function compileChecked(
  bytes: Uint8Array<ArrayBuffer>,
  info: ModuleInfo,
  engine: Engine,
  codeOffsetDelta: number,
): NativeModule {
  try {
    return compileNative(bytes, functionNames(info, codeOffsetDelta));
  } catch (error) {
    throw unsupportedFeature(error, info, engine) ?? error;
  }
}

/** {@link compileChecked}, off the calling thread where the engine can. */
export async function compileCheckedAsync(
  bytes: Uint8Array<ArrayBuffer>,
  info: ModuleInfo,
  engine: Engine,
  codeOffsetDelta: number,
): Promise<NativeModule> {
  try {
    return await compileNativeAsync(bytes, functionNames(info, codeOffsetDelta));
  } catch (error) {
    throw unsupportedFeature(error, info, engine) ?? error;
  }
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

/**
 * Runs test scripts (`.wast`) as the WebAssembly specification's suite is made of.
 *
 * Spec: https://github.com/WebAssembly/spec/tree/main/interpreter#scripts
 *
 * @packageDocumentation
 */
export type { CommandResult } from "./attempt.ts";
export type { ScriptResult } from "./results.ts";
export { runScript, runScriptThread, type ScriptOptions } from "./run-script.ts";
export type { SharedExport, StartThread, ThreadRequest } from "./threads.ts";

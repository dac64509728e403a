import type { NativeFuncType } from "./func-types.ts";
export function adaptHostFunction(_t: NativeFuncType, fn: any): any {
  return fn;
}
export function adaptExportedFunction(_t: NativeFuncType, fn: any): any {
  return fn;
}
export function readVectorGlobal(_g: unknown, _m: boolean): Uint8Array {
  return new Uint8Array(16);
}
export function writeVectorGlobal(_g: unknown, _v: Uint8Array): void {}

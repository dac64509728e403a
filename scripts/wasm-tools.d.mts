/** Where the core module of wasm-tools is looked for. */
export const wasmToolsPath: string;

export interface WasmTools {
  /** The bytes of a text, or the error as wasm-tools prints it for debugging. */
  parse(text: string): Uint8Array<ArrayBuffer> | string;
  /** The text of a module. */
  print(bytes: Uint8Array): string | { readonly error: string };
}

/** wasm-tools, or undefined where its module is missing. */
export function loadWasmTools(): WasmTools | undefined;

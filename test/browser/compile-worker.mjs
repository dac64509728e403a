// The script of a worker that may compile, for a page that may not.
import { Engine, Module } from "wasmlink";

addEventListener("message", ({ data: { options, text } }) => {
  const file = new Module(new Engine(options), text).instrument();
  postMessage({ file, compiled: new WebAssembly.Module(file) });
});

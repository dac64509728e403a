// Runs the WebAssembly specification's test suite with the JavaScript engine that runs this file, one line of JSON for
// each step: what runs, every script about to start, every script's result.
//
// Usage: <runtime> suite.mjs FOLDER ENGINE
//   ENGINE  options of the engine, in JSON
import { readFileSync } from "node:fs";
import process from "node:process";
import { runScript } from "wasmlink/wast";
import { optionsOf } from "./options.mjs";
import { scriptsIn } from "./scripts.mjs";

const [folder, json] = process.argv.slice(2);
const engine = JSON.parse(json);
const say = (line) => console.log(JSON.stringify(line));

say({ runtime: runtime() });
for (const file of scriptsIn(folder)) {
  say({ starts: file });
  const result = await runScript(readFileSync(`${folder}/${file}`, "utf8"), optionsOf(file, engine));
  say({ file, ...result });
}

function runtime() {
  const { Bun, Deno } = globalThis;
  if (Deno !== undefined) return { name: "deno", version: Deno.version.deno };
  if (Bun !== undefined) return { name: "bun", version: Bun.version };
  const { node } = process.versions;
  return { name: `node-${node.split(".")[0]}`, version: node };
}

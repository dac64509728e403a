// Runs the WebAssembly specification's test suite with the JavaScript engine that runs this file, one line of JSON for
// each step: what runs, every script about to start, every script's result.
//
// Usage: <runtime> suite.mjs FOLDER
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { runScript } from "../../dist/wast/index.js";

/** Where the library's defaults have a proposal off that a folder is about. */
const engineOptions = { "proposals/custom-page-sizes": { wasmCustomPageSizes: true } };

const [folder] = process.argv.slice(2);
const say = (line) => console.log(JSON.stringify(line));

say({ runtime: runtime() });
for (const file of scriptsIn("")) {
  say({ starts: file });
  const engine = engineOptions[file.slice(0, file.lastIndexOf("/"))] ?? {};
  const result = await runScript(readFileSync(`${folder}/${file}`, "utf8"), { engine });
  say({ file, ...result });
}

function runtime() {
  const { Bun, Deno } = globalThis;
  if (Deno !== undefined) return { name: "deno", version: Deno.version.deno };
  if (Bun !== undefined) return { name: "bun", version: Bun.version };
  const { node } = process.versions;
  return { name: `node-${node.split(".")[0]}`, version: node };
}

function scriptsIn(path) {
  const entries = readdirSync(`${folder}/${path}`, { withFileTypes: true });
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.isDirectory()) return scriptsIn(`${path}${entry.name}/`);
      return entry.name.endsWith(".wast") ? [path + entry.name] : [];
    });
}

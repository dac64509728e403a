// Runs the scripts of the suite and reports each to the server.
import { runScript } from "wasmlink/wast";
import { optionsOf } from "../conformance/options.mjs";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const report = (line) => fetch("/report", { method: "POST", body: JSON.stringify(line) });
const fetchJson = async (path) => (await fetch(path)).json();

const engine = await fetchJson("/engine.json");
for (const file of await fetchJson("/scripts.json")) {
  await report({ starts: file });
  const source = decoder.decode(await (await fetch(`/suite/${file}`)).arrayBuffer());
  await report({ file, ...(await runScript(source, optionsOf(file, engine))) });
}
await report({ finished: true });

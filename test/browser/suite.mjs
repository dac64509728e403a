// Runs the WebAssembly specification's test suite in Chromium and prints what test/conformance/suite.mjs prints.
//
// Usage: node suite.mjs CHROMIUM FOLDER ENGINE
import process from "node:process";
import { scriptsIn } from "../conformance/scripts.mjs";
import { bundled } from "./bundle.mjs";
import { versionOf, visit } from "./chromium.mjs";
import { serve } from "./server.mjs";

const [chromium, folder, engine] = process.argv.slice(2);
const patienceMs = 600_000;
const say = (line) => console.log(JSON.stringify(line));

let finish;
const finished = new Promise((resolve) => {
  finish = resolve;
});
const server = await serve({
  folders: { "/suite/": `${folder}/` },
  made: new Map([
    ["/page.html", '<script>new Worker("/built/suite-worker.js", { type: "module" });</script>'],
    ["/scripts.json", JSON.stringify(scriptsIn(folder))],
    ["/engine.json", engine],
    ...(await bundled("test/browser/suite-worker.mjs")),
  ]),
  onReport: (line) => (line.finished ? finish() : say(line)),
});
const version = versionOf(chromium);
say({ runtime: { name: `chromium-${version.split(".")[0]}`, version } });
await visit(chromium, `${server.origin}/page.html`, finished, patienceMs);
server.stop();

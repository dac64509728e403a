// The built package in Chromium: as modules under an import map, as a bundle, in a worker; with and without isolation,
// and under content security policies.
//
//     node test/browser/run.mjs [--json]
import process from "node:process";
import { fileURLToPath } from "node:url";
import { bundled } from "./bundle.mjs";
import { findChromium, versionOf, visit } from "./chromium.mjs";
import { isolation, serve } from "./server.mjs";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const patienceMs = 60_000;

const importMap = JSON.stringify({
  imports: { wasmlink: "/dist/index.js", "#platform": "/dist/platform/web.js" },
});
const modules = (path) => `<script type="importmap">${importMap}</script>${script(path)}`;
const script = (path) => `<script type="module" src="${path}"></script>`;
const policy = (scripts) => ({ "Content-Security-Policy": `default-src 'self'; script-src ${scripts}` });

const pages = [
  { title: "modules", content: modules("/test/browser/page.mjs"), headers: {} },
  { title: "modules, isolated", content: modules("/test/browser/page.mjs"), headers: isolation },
  {
    title: "bundle, isolated, policy with 'wasm-unsafe-eval'",
    content: script("/built/page.js"),
    headers: { ...isolation, ...policy("'self' 'wasm-unsafe-eval'") },
  },
  { title: "bundle in a worker", content: script("/test/browser/start-worker.mjs"), headers: {} },
  {
    title: "bundle in a worker, isolated",
    content: script("/test/browser/start-worker.mjs"),
    headers: isolation,
  },
  {
    title: "bundle, policy without 'wasm-unsafe-eval'",
    content: script("/built/forbidden.js"),
    headers: policy("'self'"),
  },
];
const pathOf = (page) => `/page/${pages.indexOf(page)}.html`;

const bundles = await bundled(
  ...["page", "increment", "forbidden", "compile-worker"].map((name) => `test/browser/${name}.mjs`),
  "dist/platform/tick-web.js", // nothing else starts the ticker's worker under a strict policy
);

let onReport;
const server = await serve({
  folders: {
    "/dist/": here("../../dist/"),
    "/test/": here("../"),
    "/node_modules/": here("../../node_modules/"),
  },
  made: new Map([...pages.map((page) => [pathOf(page), page.content]), ...bundles]),
  headersOf: (path) => pages.find((page) => pathOf(page) === path)?.headers ?? isolation,
  onReport: (report) => onReport(report),
});

const chromium = findChromium();
const version = versionOf(chromium);
const printsJson = process.argv.includes("--json");
const results = [];
for (const page of pages) {
  const report = new Promise((resolve) => {
    onReport = resolve;
  });
  const { passed, failures, features } = await visit(
    chromium,
    server.origin + pathOf(page),
    report,
    patienceMs,
  );
  results.push({ title: page.title, passed, failed: failures.length, features });
  if (!printsJson)
    console.log(`Chromium ${version}, ${page.title}: ${passed} passed, ${failures.length} failed`);
  for (const { name, reason } of failures) console.error(`FAILED ${name}\n${reason}`);
  if (failures.length > 0) process.exitCode = 1;
}
server.stop();
if (printsJson) console.log(JSON.stringify({ version, results }));

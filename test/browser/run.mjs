// The built package in Chromium: as modules under an import map, as a bundle, in a worker; with and without isolation,
// and under content security policies.
//
//     node test/browser/run.mjs [--json]
//
// `CHROMIUM` says where the browser is; otherwise it is looked for in `PATH`, and without one nothing is tested.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { serve } from "./server.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const patienceMs = 60_000;

const importMap = JSON.stringify({
  imports: { wasmlink: "/dist/index.js", "#platform": "/dist/platform/web.js" },
});
const modules = (path) => `<script type="importmap">${importMap}</script>${script(path)}`;
const script = (path) => `<script type="module" src="${path}"></script>`;

/** Pages that have these headers, and whose workers have them, share memory with their workers. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};
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

/** The scripts of pages as a browser's build has them, by path. */
async function bundles() {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [
      ...["page", "increment", "forbidden"].map((name) => `test/browser/${name}.mjs`),
      "dist/platform/tick-web.js", // nothing else starts the ticker's worker under a strict policy
    ],
    outdir: "built",
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    tsconfigRaw: "{}", // the tests' paths are not for bundles
    write: false,
  });
  return outputFiles.map(({ path, contents }) => [`/built/${basename(path)}`, contents]);
}

function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}

/** Opens a page in a browser of its own, until the page reports. */
async function visit(url) {
  const profile = mkdtempSync(join(tmpdir(), "wasmlink-chromium-"));
  const browser = spawn(
    chromium,
    [
      ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      ...["--enable-logging=stderr", `--user-data-dir=${profile}`, url],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let log = "";
  browser.stderr.on("data", (chunk) => {
    log += chunk;
  });
  const ended = once(browser, "close");
  try {
    return await new Promise((resolve, reject) => {
      const fail = (reason) => {
        const ofPage = log.split("\n").filter((line) => line.includes("CONSOLE"));
        reject(new Error([reason, ...ofPage].join("\n")));
      };
      onReport = (report) => resolve(JSON.parse(report));
      setTimeout(fail, patienceMs, `${url} did not report`).unref();
      ended.then(() => fail(`${chromium} ended`), reject);
    });
  } finally {
    browser.kill();
    await ended;
    rmSync(profile, { recursive: true, maxRetries: 5 });
  }
}

const chromium = findChromium();
if (chromium === undefined) {
  console.log("skipped: there is no Chromium in PATH, and CHROMIUM names none");
  process.exit();
}
const [version] = /\d[\d.]*/.exec(execFileSync(chromium, ["--version"], { encoding: "utf8" }));

let onReport = () => {};
const server = await serve(
  new Map([...pages.map((page) => [pathOf(page), page.content]), ...(await bundles())]),
  (path) => pages.find((page) => pathOf(page) === path)?.headers ?? isolation,
  (report) => onReport(report),
);
const results = [];
for (const page of pages) {
  const { passed, failures, features } = await visit(server.origin + pathOf(page));
  results.push({ title: page.title, passed, failed: failures.length, features });
  if (!process.argv.includes("--json"))
    console.log(`Chromium ${version}, ${page.title}: ${passed} passed, ${failures.length} failed`);
  for (const { name, reason } of failures) console.error(`FAILED ${name}\n${reason}`);
  if (failures.length > 0) process.exitCode = 1;
}
server.stop();
if (process.argv.includes("--json")) console.log(JSON.stringify({ version, results }));

// Writes the tables of STABILITY.md: what each runtime's JavaScript engine offers, probed here and now, and what the
// smoke tests and the specification's suite come to on it. `npm ci` in test/runtimes installs the runtimes but Chromium,
// which `CHROMIUM` names or `PATH` has.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const installed = `${root}test/runtimes/node_modules/.bin/`;

const runtimes = [
  { name: "node-20", title: "Node 20", command: [process.execPath] },
  { name: "node-26", title: "Node 26", command: [`${installed}node`] },
  { name: "deno", title: "Deno", command: [`${installed}deno`, "run", "--allow-all"] },
  { name: "bun", title: "Bun", command: [`${installed}bun`] },
];
const browser = JSON.parse(outputOf(runtimes[0], "test/browser/run.mjs", "--json"));
const [browserVersion] = browser.version.split(".");

/** What a runtime prints when it executes a script. */
function outputOf({ command: [command, ...args] }, ...script) {
  const { status, stdout, error } = spawnSync(command, [...args, ...script], { cwd: root, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ended with status ${status}`);
  return stdout;
}

function table(firstColumn, columns, rows) {
  const lines = [[firstColumn, ...columns], ["---", ...columns.map(() => ":-:")], ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const conformance = [...runtimes.map(({ name }) => name), `chromium-${browserVersion}`].map((name) =>
  JSON.parse(readFileSync(`${root}test/conformance/expectations/${name}.json`, "utf8")),
);
const columns = runtimes.map(({ title }, index) => {
  const { version } = conformance[index];
  return title.startsWith("Node") ? `Node ${version}` : `${title} ${version}`;
});
columns.push(`Chromium ${browserVersion}`);

function featureTable() {
  const features = runtimes.map((runtime) => JSON.parse(outputOf(runtime, "test/runtimes/probe.mjs")));
  const rows = Object.keys(features[0]).map((name) => [
    `\`${name}\``,
    ...features.map((offered) => (offered[name] ? "yes" : "–")),
    offeredByPages(name),
  ]);
  return table("feature", columns, rows);
}

/** Not every page may use what the browser has. */
function offeredByPages(feature) {
  const pages = browser.results.map(({ features }) => features[feature]);
  if (pages.every(Boolean)) return "yes";
  return pages.some(Boolean) ? "isolated pages" : "–";
}

function browserTable() {
  const rows = browser.results.map(({ title, passed, failed }) => [title, `${passed} of ${passed + failed}`]);
  return table("page", ["checks passed"], rows);
}

function testTable() {
  const smoke = runtimes.map((runtime) => {
    const [, passed, failed] = /(\d+) passed, (\d+) failed/.exec(
      outputOf(runtime, "test/runtimes/smoke.mjs"),
    );
    return `${passed} of ${Number(passed) + Number(failed)}`;
  });
  const folders = Object.keys(conformance[0].directories).map((folder) => [
    folder === "core" ? "specification: core" : `specification: ${folder.replace("proposals/", "")}`,
    ...conformance.map(({ directories }) => {
      const { passedAssertions, assertions } = directories[folder];
      const share = `${passedAssertions.toLocaleString("en")} of ${assertions.toLocaleString("en")}`;
      return passedAssertions === assertions ? `**${share}**` : share;
    }),
  ]);
  return table("tests", columns, [["smoke tests", ...smoke, "see below"], ...folders]);
}

const file = `${root}STABILITY.md`;
const tables = { features: featureTable(), tests: testTable(), browser: browserTable() };
let text = readFileSync(file, "utf8");
for (const [name, content] of Object.entries(tables)) {
  const place = new RegExp(`(<!-- ${name} -->\n\n).*?(\n\n<!-- /${name} -->)`, "s");
  text = text.replace(place, (_, start, end) => start + content + end);
}
writeFileSync(file, text);

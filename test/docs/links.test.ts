/** What the documents of the repository point to is there. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const documents = readdirSync(root).filter((name) => name.endsWith(".md"));
const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });

test.each(documents)("the links of %s lead somewhere", (name) => {
  const text = readFileSync(join(root, name), "utf8");
  const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) => target!);
  expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
});

test.each(["ARCHITECTURE.md", "RATIONALE.md"])("the files %s names exist", (name) => {
  const text = readFileSync(join(root, name), "utf8");
  const named = [...text.matchAll(/`([\w./-]+\.ts|[\w/-]+\/)`/g)].map(([, path]) => path!);
  const exists = (path: string) =>
    path.includes("/")
      ? existsSync(join(root, "src", path)) || existsSync(join(root, path)) || isFolderSomewhere(path)
      : sources.some((source) => basename(source) === path);
  expect(named).not.toEqual([]);
  expect(named.filter((path) => !exists(path))).toEqual([]);
});

function isFolderSomewhere(path: string): boolean {
  return sources.some((source) => `/${source}/`.includes(`/${path}`));
}

test("the headings of RATIONALE.md that code refers to exist", () => {
  const headings: readonly string[] =
    readFileSync(join(root, "RATIONALE.md"), "utf8").match(/(?<=^#+ ).*$/gm) ?? [];
  const referred = sources
    .filter((source) => source.endsWith(".ts"))
    .flatMap((source) => [
      ...readFileSync(join(root, "src", source), "utf8").matchAll(/RATIONALE: "([^"]+)"/g),
    ])
    .map(([, heading]) => heading);
  expect(referred.filter((heading) => !headings.includes(heading!))).toEqual([]);
});

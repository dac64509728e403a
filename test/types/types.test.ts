/** What must compile does, and what must not compile does not: `// @ts-expect-error` fails where there is no error. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const compiler = fileURLToPath(new URL("../../node_modules/typescript/bin/tsc", import.meta.url));
const project = fileURLToPath(new URL(".", import.meta.url));

test("the type tests compile", () => {
  const { stdout, status } = spawnSync(process.execPath, [compiler, "-p", project, "--noEmit"], {
    encoding: "utf8",
  });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

/** The modules of the specification's test suite, which is not part of this repository. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { type ModuleForm, moduleForm } from "../../src/text/script-modules.ts";
import { Cursor } from "../../src/text/syntax/cursor.ts";
import { tokenize } from "../../src/text/syntax/lexer.ts";
import { TokenKind } from "../../src/text/syntax/tokens.ts";

/** Where the suite is looked for; the environment variable WASMLINK_SPEC_SUITE names another place. */
const suitePath =
  process.env.WASMLINK_SPEC_SUITE ??
  fileURLToPath(new URL("../../../shared/suites/spec-testsuite", import.meta.url));

/** Why there is no suite; empty when there is one. */
export const suiteMissing = existsSync(suitePath) ? "" : `no test suite at ${suitePath}`;

type Assembled = Exclude<ModuleForm, { readonly kind: "instance" }>;

export interface SuiteModule {
  readonly file: string;
  /** The `(module …)` form. */
  readonly text: string;
  readonly kind: Assembled["kind"];
  readonly assemble: Assembled["assemble"];
  /** What the script says of the module; `valid` ones may fail to link. */
  readonly expectation: "valid" | "invalid" | "malformed";
}

/** Every module of the suite. */
export function suiteModules(): SuiteModule[] {
  const files = readdirSync(suitePath, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".wast"),
  );
  return files.sort().flatMap((file) => modulesOf(join(suitePath, file)));
}

function modulesOf(path: string): SuiteModule[] {
  const source = readFileSync(path, "utf8");
  const cursor = new Cursor(tokenize(source));
  const modules: SuiteModule[] = [];
  const commands = (): void => {
    while (cursor.kind() === TokenKind.leftParen) {
      const behind = cursor.behindForm(cursor.position);
      const command = cursor.text(cursor.position + 1);
      if (command !== "module") cursor.position += 2;
      if (command === "thread") {
        cursor.takeId();
        if (cursor.isForm("shared")) cursor.position = cursor.behindForm(cursor.position);
        commands();
      } else if (cursor.isForm("module")) {
        const start = cursor.offset();
        const form = moduleForm(cursor);
        if (form.kind !== "instance") {
          modules.push({
            file: relative(suitePath, path),
            text: source.slice(start, cursor.offset(cursor.position - 1) + 1),
            kind: form.kind,
            assemble: form.assemble,
            expectation: expectationOf(command),
          });
        }
      }
      cursor.position = behind;
    }
  };
  commands();
  return modules;
}

function expectationOf(command: string): SuiteModule["expectation"] {
  if (command.startsWith("assert_malformed")) return "malformed";
  return command.startsWith("assert_invalid") ? "invalid" : "valid";
}

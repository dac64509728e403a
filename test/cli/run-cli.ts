import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const main = fileURLToPath(new URL("../../dist/bundle/cli.js", import.meta.url));

/** The folder of the modules that are run. */
export const casesFolder = fileURLToPath(new URL("cases", import.meta.url));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Circumstances {
  readonly input?: string | Uint8Array;
  /** The whole environment, but for the search path. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs the built tool with pipes for streams, in the folder of the cases unless told otherwise. */
export function runCli(
  args: readonly string[],
  { input = "", env = {}, cwd = casesFolder }: Circumstances = {},
): Promise<Outcome> {
  const { PATH = "" } = process.env;
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { PATH, ...env } });
  const outputs = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (text: string) => {
      outputs[name] += text;
    });
  }
  // A guest that never reads its input closes the pipe.
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, ...outputs }));
  });
}

/** wasmtime's Python package as the judge of modules, where it is installed. */
import { spawnSync } from "node:child_process";

/** Whether `python3` finds the package. */
export const hasWasmtime = spawnSync("python3", ["-c", "import wasmtime"]).status === 0;

/** A module, and the settings of `wasmtime.Config` that differ from the defaults. */
export interface Question {
  readonly bytes: Uint8Array;
  readonly config?: Readonly<Record<string, boolean>>;
}

const script = `
import base64, json, sys, wasmtime
engines = {}
def engine(config):
    key = json.dumps(config, sort_keys=True)
    if key not in engines:
        made = wasmtime.Config()
        for name, value in config.items():
            setattr(made, name, value)
        engines[key] = wasmtime.Engine(made)
    return engines[key]
answers = []
for question in json.load(sys.stdin):
    try:
        wasmtime.Module.validate(engine(question["config"]), base64.b64decode(question["bytes"]))
        answers.append(None)
    except wasmtime.WasmtimeError as error:
        answers.append(str(error))
json.dump(answers, sys.stdout)
`;

/** What wasmtime says about each module: null when it takes it. */
export function askWasmtime(questions: readonly Question[]): (string | null)[] {
  const input = questions.map(({ bytes, config = {} }) => ({
    bytes: Buffer.from(bytes).toString("base64"),
    config,
  }));
  const { status, stdout, stderr } = spawnSync("python3", ["-c", script], {
    input: JSON.stringify(input),
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  if (status !== 0) throw new Error(`python3 ended with ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

// esbuild, a command-line program, as a function: source files in, bundle out, no process and no disk.
//
//     npm ci --prefix examples/guests    # once: the program is large
//     node examples/esbuild.mjs
import { Engine, ExitTrap, Linker, MemoryDirectory, Module, Store, WasiConfig } from "wasmlink";
import { readGuest } from "./guests/read-guest.mjs";

const engine = new Engine();
const esbuild = new Module(engine, await readGuest("@esbuild/wasi-preview1/esbuild.wasm"));

// Names are resolved once; each run below only instantiates.
const esbuildPre = new Linker(engine).defineWasi().instantiatePre(esbuild);

/** Bundles what `main.ts` imports; returns the bundle, or throws what esbuild says is wrong. */
function bundle(files) {
  const directory = new MemoryDirectory(files);
  const messages = [];
  const store = new Store(engine);
  store.setWasi(
    new WasiConfig({
      args: ["esbuild", "main.ts", "--bundle", "--format=esm", "--outfile=out.js", "--log-level=warning"],
      env: { PWD: "/" }, // WASI has no working directory: Go's programs take it from here
      preopens: { "/": directory },
      stderr: (chunk) => void messages.push(chunk),
    }),
  );
  try {
    esbuildPre.instantiate(store).exports._start();
  } catch (error) {
    if (!(error instanceof ExitTrap)) throw error;
    if (error.exitCode !== 0) throw new Error(Buffer.concat(messages).toString().trim());
  }
  return Buffer.from(directory.readFile("out.js")).toString();
}

const greet = "export const greet = (name: string) => 'Hello, ' + name;\nexport const unused = 1;\n";

console.log(
  bundle({
    "main.ts": 'import { greet } from "./greet";\nconsole.log(greet("bundle"));\n',
    "greet.ts": greet,
  }),
);

// The next run starts afresh. A mistake in the sources is an exit code and a message.
try {
  bundle({
    "main.ts": 'import { great } from "./greet";\nconsole.log(great("bundle"));\n',
    "greet.ts": greet,
  });
} catch (error) {
  console.log(error.message);
}

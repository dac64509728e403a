// Bundles the library and the command-line tool for Node, Deno and Bun, which spend several times as long on starting a
// file for each module. Entry points share what they have in common, so that there is one copy of each class in a process.
//
// Every file of the bundle is in one folder, as deep below package.json as the tool's own modules.
import { fileURLToPath } from "node:url";
import { build } from "rolldown";

await build({
  cwd: fileURLToPath(new URL("..", import.meta.url)),
  tsconfig: "tsconfig.json", // says that #platform is Node's
  platform: "node",
  input: {
    index: "src/index.ts",
    wast: "src/wast/index.ts",
    cli: "src/cli/main.ts",
    "script-thread": "src/cli/script-thread.ts",
  },
  output: {
    dir: "dist/bundle",
    chunkFileNames: "chunk-[hash].js",
    minifyInternalExports: false,
    sourcemap: true,
    sourcemapExcludeSources: true, // the package has them
  },
});

import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Scripts of the project as a build for browsers has them, with the paths `/built/NAME.js`. */
export async function bundled(...entryPoints) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints,
    outdir: "built",
    entryNames: "[name]",
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    tsconfigRaw: "{}", // the tests' paths are not for bundles
    write: false,
  });
  return outputFiles.map(({ path, contents }) => [`/built/${basename(path)}`, contents]);
}

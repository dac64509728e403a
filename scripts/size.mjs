// Measures what the package adds to a bundle for browsers, minified and compressed with Brotli, and writes the figures
// into README.md. `--check` only prints them.
import { readFileSync, writeFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

const imports = [
  ["everything", "*"],
  ["`Engine`, `Store`, `Module`, `Linker`", "{ Engine, Store, Module, Linker }"],
  [
    "those and `WasiConfig`, `MemoryDirectory`",
    "{ Engine, Store, Module, Linker, WasiConfig, MemoryDirectory }",
  ],
  ["`wat2wasm`", "{ wat2wasm }"],
];

/** Kilobytes (of 1000 bytes) that exporting something from the package costs a bundle. */
async function kilobytes(what) {
  const { outputFiles } = await build({
    stdin: { contents: `export ${what} from "wasmlink";`, resolveDir: root },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    tsconfigRaw: "{}", // the tests' paths are not for bundles
    write: false,
  });
  return brotliCompressSync(outputFiles[0].contents).length / 1000;
}

const rows = [];
for (const [title, what] of imports) rows.push(`| ${title} | ${(await kilobytes(what)).toFixed(0)} KB |`);
const table = ["| import | min + brotli |", "|---|---|", ...rows].join("\n");

if (argv.includes("--check")) console.log(table);
else {
  const readme = `${root}README.md`;
  const text = readFileSync(readme, "utf8");
  writeFileSync(
    readme,
    text.replace(/(<!-- size -->\n\n).*?(\n\n<!-- \/size -->)/s, (_, start, end) => start + table + end),
  );
}

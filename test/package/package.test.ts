/** The package as it is published: what is in it, what it needs, and whether a stranger's project can use it. */
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const consumer = join(root, ".cache/consumer");
const installed = join(consumer, "node_modules/wasmlink");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const entries = Object.keys(manifest.exports).filter((entry) => entry !== "./package.json");

let files: string[];

beforeAll(() => {
  rmSync(consumer, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  const report = execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", consumer], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  const [packed] = JSON.parse(report);
  files = packed.files.map(({ path }: { path: string }) => path);
  execFileSync("tar", ["-xzf", join(consumer, packed.filename), "-C", installed, "--strip-components=1"]);
  writeFileSync(join(consumer, "package.json"), '{ "type": "module" }');
});

describe("contents", () => {
  test("are code, declarations, sources and the texts a package has", () => {
    const others = files.filter((file) => !/^(dist|src)\//.test(file)).sort();
    expect(others).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "package.json"]);
  });

  test("have a source for every source map", () => {
    const maps = files.filter((file) => file.endsWith(".map"));
    expect(maps).not.toEqual([]);
    for (const map of maps) {
      const { sources } = JSON.parse(readFileSync(join(installed, map), "utf8"));
      for (const source of sources) expect(files).toContain(join(dirname(map), source));
    }
  });

  test("are complete: every entry point and command exists, with its declarations", () => {
    const targets =
      JSON.stringify([manifest.exports, manifest.imports, manifest.bin]).match(/\.\/[^"]+/g) ?? [];
    for (const target of targets.filter((path) => path.includes("."))) {
      if (/\.(js|ts|json)$/.test(target)) expect(existsSync(join(installed, target)), target).toBe(true);
    }
  });
});

describe("needs", () => {
  test("no other package", () => {
    expect(manifest).not.toHaveProperty("dependencies");
    expect(manifest).not.toHaveProperty("peerDependencies");
    expect(manifest).not.toHaveProperty("optionalDependencies");
  });

  test.each(entries)("no module of Node behind %s in browsers", (entry) => {
    const specifiers = outsideOf(join(installed, manifest.exports[entry].default));
    expect(specifiers).toEqual([]);
  });

  test("nothing that a content security policy without unsafe-eval forbids", () => {
    for (const file of files.filter((name) => name.startsWith("dist/") && name.endsWith(".js"))) {
      expect(readFileSync(join(installed, file), "utf8")).not.toMatch(/\beval\(|new Function\(|\bFunction\(/);
    }
  });
});

/** What a module and those it imports ask for that is not in the package, as a browser resolves it. */
function outsideOf(entry: string): string[] {
  const seen = new Set<string>();
  const outside = new Set<string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [, specifier = ""] of readFileSync(file, "utf8").matchAll(
      /^(?:import|export) (?:[^"'`();]* from )?"([^"]+)";$/gm,
    )) {
      if (specifier.startsWith(".")) visit(join(dirname(file), specifier));
      else if (specifier in manifest.imports) visit(join(installed, manifest.imports[specifier].default));
      else outside.add(specifier);
    }
  };
  visit(entry);
  expect(seen.size).toBeGreaterThan(10);
  return [...outside];
}

/** The files of the bundle, and those of its source maps. */
const bundled = (extension: string) =>
  files.filter((file) => file.startsWith("dist/bundle/") && file.endsWith(extension));

describe("the bundle for Node, Deno and Bun", () => {
  test.each(entries)("exports from %s what its separate modules export", async (entry) => {
    const names = async (condition: string) =>
      Object.keys(await import(pathToFileURL(join(installed, manifest.exports[entry][condition])).href));
    for (const condition of ["node", "deno", "bun"])
      expect(await names(condition)).toEqual(await names("default"));
  });

  test("has every module once, whatever imports it", () => {
    const modules = bundled(".map").flatMap(
      (map) => JSON.parse(readFileSync(join(installed, map), "utf8")).sources as string[],
    );
    expect(modules.length).toBeGreaterThan(100);
    expect(modules).toEqual([...new Set(modules)]);
  });

  test("needs itself and Node's modules, nothing else", () => {
    for (const file of bundled(".js")) {
      for (const [, specifier = ""] of readFileSync(join(installed, file), "utf8").matchAll(
        /^(?:import|export) (?:.* from )?"(.+)";$/gm,
      )) {
        if (specifier.startsWith(".")) expect(files).toContain(join(dirname(file), specifier));
        else expect(specifier).toMatch(/^node:/);
      }
    }
  });

  test("keeps the names of classes", async () => {
    const exported = await import(pathToFileURL(join(installed, manifest.exports["."].node)).href);
    for (const [name, value] of Object.entries(exported)) {
      if (typeof value === "function") expect(value.name).toBe(name);
    }
  });
});

describe("a project that installed it", () => {
  /** A file of `project/`, compiled there with the given libraries. */
  function compile(file: string, lib: readonly string[]): void {
    const compilerOptions = { strict: true, module: "nodenext", target: "es2023", types: [], lib };
    writeFileSync(join(consumer, "tsconfig.json"), JSON.stringify({ compilerOptions, files: [file] }));
    copyFileSync(join(import.meta.dirname, "project", file), join(consumer, file));
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    const { status, stdout } = spawnSync(process.execPath, [compiler], { cwd: consumer, encoding: "utf8" });
    expect([stdout, status]).toEqual(["", 0]);
  }

  test.each([[["es2023"]], [["es2023", "dom"]], [["esnext"]]])(
    "compiles with only the libraries %j, and runs",
    (lib) => {
      compile("program.ts", lib);
      execFileSync(process.execPath, ["program.js"], { cwd: consumer });
    },
  );

  test("gets and gives the types of the DOM library, where it has that", () => {
    compile("browser-types.ts", ["esnext", "dom"]);
  });

  test.each(entries)("gets the bundle of %s on Node", (entry) => {
    const specifier = entry.replace(".", "wasmlink");
    const program = `console.log(import.meta.resolve(${JSON.stringify(specifier)}))`;
    const url = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
      cwd: consumer,
      encoding: "utf8",
    });
    expect(url.trim()).toBe(pathToFileURL(join(installed, manifest.exports[entry].node)).href);
  });

  test("has the command", () => {
    const main = join(installed, manifest.bin.wasmlink);
    expect(readFileSync(main, "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
    const version = execFileSync(process.execPath, [main, "--version"], { encoding: "utf8" });
    expect(version).toBe(`wasmlink ${manifest.version}\n`);
  });

  for (const [name, ...args] of [["deno", "run", "--allow-all"], ["bun"]] as const) {
    const runtime = join(root, "test/runtimes/node_modules/.bin", name);
    test.skipIf(!existsSync(runtime))(
      `runs it on ${name}, where 'npm ci' in test/runtimes installed it`,
      () => {
        writeFileSync(
          join(consumer, "program.mjs"),
          'import { wat2wasm } from "wasmlink"; console.log(wat2wasm("(module)").length);',
        );
        const output = execFileSync(runtime, [...args, "program.mjs"], { cwd: consumer, encoding: "utf8" });
        expect(output).toBe("8\n");
      },
    );
  }
});

test("a bundle for Node needs no files beside it, not even for its threads", async () => {
  const program = `
import { Engine } from "wasmlink";
const ticker = new Engine().startEpochTicker({ intervalMs: 1 });
await ticker.started;
ticker[Symbol.dispose]();
console.log("ticked");`;
  await build({
    absWorkingDir: consumer,
    stdin: { contents: program, resolveDir: consumer },
    outfile: "bundled/program.mjs",
    bundle: true,
    format: "esm",
    platform: "node",
  });
  const output = execFileSync(process.execPath, ["bundled/program.mjs"], { cwd: consumer, encoding: "utf8" });
  expect(output).toBe("ticked\n");
});

describe("a bundle for browsers", () => {
  /** What a project bundles that exports something from the package: the code, and what it takes of each folder. */
  async function bundled(what: string) {
    const { metafile, outputFiles } = await build({
      absWorkingDir: consumer,
      stdin: { contents: `export ${what} from "wasmlink";`, resolveDir: consumer },
      outfile: "bundle.js",
      bundle: true,
      minify: true,
      format: "esm",
      platform: "browser",
      metafile: true,
      write: false,
    });
    const [output] = Object.values(metafile.outputs);
    const bytesOf = (folder: string) =>
      Object.entries(output!.inputs)
        .filter(([file]) => file.startsWith(`node_modules/wasmlink/dist/${folder}/`))
        .reduce((sum, [, { bytesInOutput }]) => sum + bytesInOutput, 0);
    return { code: outputFiles[0]!.text, imports: output!.imports, bytesOf };
  }

  test("asks for nothing outside of it, and for nothing of Node", async () => {
    const { code, imports } = await bundled("*");
    expect(imports).toEqual([]);
    expect(code).not.toContain("node:");
  });

  test("has WASI and the text format's printer only where they are used", async () => {
    const core = await bundled("{ Engine, Linker, Module, Store }");
    expect(core.bytesOf("wasi")).toBe(0);
    expect(core.bytesOf("text/printer")).toBe(0);
    expect(core.bytesOf("wast")).toBe(0);
    const withWasi = await bundled("{ Engine, Linker, MemoryDirectory, Module, Store, WasiConfig }");
    expect(withWasi.bytesOf("wasi")).toBeGreaterThan(10_000);
    expect((await bundled("{ wasm2wat }")).bytesOf("text/printer")).toBeGreaterThan(1000);
  });

  test("has neither an engine nor WASI where it converts text", async () => {
    const { bytesOf } = await bundled("{ wat2wasm }");
    for (const folder of ["bundle", "host", "rewrite", "runtime", "wasi"])
      expect([folder, bytesOf(folder)]).toEqual([folder, 0]);
  });

  test("finds its worker in a form that bundlers know", () => {
    const ticker = readFileSync(join(installed, "dist/platform/web-ticker.js"), "utf8");
    const pattern = /new Worker\(new URL\("(\.\/[^"]+)", import\.meta\.url\), \{ type: "module" \}\)/;
    const [, worker = "none"] = pattern.exec(ticker) ?? [];
    expect(existsSync(join(installed, "dist/platform", worker))).toBe(true);
  });
});

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platform } from "#platform";
import type { WasiDirectory } from "../../src/wasi/fs/directory.ts";
import { descriptorPrefix } from "../../src/wasi/fs/handle-directory.ts";
import { hostDirectory, portableHostDirectory } from "../../src/wasi/fs/host-directory.ts";
import { MemoryDirectory } from "../../src/wasi/fs/memory-directory.ts";

/** A directory tree: text of files, and directories. */
export interface Tree {
  readonly [name: string]: string | Tree;
}

/** A fresh directory to preopen, on one of the backends. */
export interface Scratch {
  readonly directory: WasiDirectory;
  /** Path of the directory on the host, for backends that have one. */
  readonly hostPath: string | undefined;
  remove(): void;
}

/** One way to keep files. */
export interface Backend {
  readonly name: string;
  create(tree?: Tree): Scratch;
}

function writeTree(path: string, tree: Tree): void {
  mkdirSync(path, { recursive: true });
  for (const [name, entry] of Object.entries(tree)) {
    if (typeof entry === "string") writeFileSync(join(path, name), entry);
    else writeTree(join(path, name), entry);
  }
}

function memoryTree(tree: Tree): MemoryDirectory {
  return new MemoryDirectory(
    Object.fromEntries(
      Object.entries(tree).map(([name, entry]) => [
        name,
        typeof entry === "string" ? entry : memoryTree(entry),
      ]),
    ),
  );
}

/** Reads a directory of the host into a tree. */
export function readTree(path: string): Tree {
  return Object.fromEntries(
    readdirSync(path).map((name) => {
      const child = join(path, name);
      return [name, statSync(child).isDirectory() ? readTree(child) : readFileSync(child, "utf8")];
    }),
  );
}

function hostBackend(name: string, open: (path: string) => WasiDirectory): Backend {
  return {
    name,
    create: (tree = {}) => {
      const hostPath = mkdtempSync(join(tmpdir(), "wasmlink-wasi-"));
      writeTree(hostPath, tree);
      return {
        directory: open(hostPath),
        hostPath,
        remove: () => rmSync(hostPath, { recursive: true, force: true }),
      };
    },
  };
}

/** Whether this machine lets descriptors be used as directories. */
export const hasHandles = descriptorPrefix(platform.fileSystem!) !== undefined;

const portableBackend = hostBackend("portable paths", portableHostDirectory);
const handleBackend = hostBackend("directory handles", hostDirectory);
export const memoryBackend: Backend = {
  name: "memory",
  create: (tree = {}) => ({ directory: memoryTree(tree), hostPath: undefined, remove: () => {} }),
};

/** The backends that keep files on the host. */
export const hostBackends: readonly Backend[] = hasHandles
  ? [handleBackend, portableBackend]
  : [portableBackend];

export const backends: readonly Backend[] = [...hostBackends, memoryBackend];

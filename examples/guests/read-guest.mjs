import { readFile } from "node:fs/promises";

/**
 * Bytes of a WebAssembly module from a package of this directory.
 *
 * The packages are large, so they are installed apart from the project's own dependencies.
 *
 * @param {string} path - package and file
 */
export async function readGuest(path) {
  try {
    return await readFile(new URL(`node_modules/${path}`, import.meta.url));
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    throw new Error(`${path} is not installed: run \`npm ci --prefix examples/guests\``, { cause: error });
  }
}

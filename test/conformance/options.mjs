/** Where the library's defaults have a proposal off that a folder is about. */
const engineOptions = { "proposals/custom-page-sizes": { wasmCustomPageSizes: true } };

/** What a script is run with, by its path in the suite. */
export function optionsOf(file) {
  return { engine: engineOptions[file.slice(0, file.lastIndexOf("/"))] ?? {} };
}

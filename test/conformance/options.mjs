/** Where the library's defaults have a proposal off that a folder is about. */
const engineOptions = { "proposals/custom-page-sizes": { wasmCustomPageSizes: true } };

/**
 * What a script is run with, by its path in the suite.
 * @param engine - options of the engine that all scripts have
 */
export function optionsOf(file, engine) {
  return { engine: { ...engine, ...engineOptions[file.slice(0, file.lastIndexOf("/"))] } };
}

// Compiles Python files with the Python of Pyodide: `node compile.mjs PYTHON TARGET ARCHIVE...`.
//
// PYTHON: the folder with bytecode.py. TARGET: a folder for the archives. ARCHIVE: JSON, as
// course/browser/packages.py describes one.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [python, target, ...archives] = process.argv.slice(2);
const packages = join(process.env.NODE_PATH ?? "", "pyodide");
const { loadPyodide } = await import(pathToFileURL(join(packages, "pyodide.mjs")).href);
const pyodide = await loadPyodide({ indexURL: packages });
pyodide.runPython(readFileSync(join(python, "bytecode.py"), "utf-8"));
const compileArchive = pyodide.globals.get("compile_archive");
for (const each of archives) {
  const archive = JSON.parse(each);
  const sources = archive.sources.map((/** @type {string} */ path) =>
    new Uint8Array(readFileSync(path)),
  );
  const compiled = compileArchive(pyodide.toPy(sources), archive.folder).toJs();
  writeFileSync(join(target, archive.target), compiled);
}

// Runs notebooks in the Python of the pages, in Node: `node in_pyodide.mjs SITE ASSIGNMENT JOBS`.
//
// SITE: build/browser/site, beside build/browser/pyodide. JOBS: a file with a JSON list of [cells, function], where cells are pairs
// of an id and a source. Prints the outcome of each check as a JSON list.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [site, assignment, jobs] = process.argv.slice(2);
const bytes = (name) => new Uint8Array(readFileSync(join(site, name)));
const { loadPyodide } = await import(pathToFileURL(join(site, "..", "pyodide", "pyodide.mjs")).href);
const pyodide = await loadPyodide({ indexURL: join(site, "..", "pyodide") });
pyodide.unpackArchive(bytes("pyodide/numpy.zip"), "zip", { extractDir: "/lib/python3.14/site-packages" });
pyodide.unpackArchive(bytes("course.zip"), "zip", { extractDir: "/course" });
pyodide.runPython("import sys; sys.path.insert(0, '/course')");
const tab = pyodide.pyimport("tab");
const record = [".json", ".bin", "-graded.json"].map((end) => pyodide.toPy(bytes(`records/${assignment}${end}`)));
tab.start(...record);
const outcomes = JSON.parse(readFileSync(jobs, "utf-8")).map(([cells, name]) => {
  const outputs = [];
  tab.run(pyodide.toPy(cells), (cell, output) => outputs.push([cell, JSON.parse(output)]));
  const begun = performance.now();
  const outcome = name && JSON.parse(tab.check(name, "check", (cell, output) => outputs.push([cell, JSON.parse(output)])));
  return { outcome, outputs, seconds: (performance.now() - begun) / 1000 };
});
console.log(JSON.stringify(outcomes));

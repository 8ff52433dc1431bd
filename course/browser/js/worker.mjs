// The worker in which Python runs, and nothing else of the page.
import { confine } from "./confine.mjs";
import { Download, DownloadFailed } from "./download.mjs";

/** @import { FromWorker, Output, Run, Start, ToWorker } from "./protocol.mjs" */

const LIBRARY = "pyodide/python_stdlib.zip";
const LOADER = "pyodide/pyodide.js";
const PROGRAM = "pyodide/pyodide.asm.js";
const LOCK = "pyodide/pyodide-lock.json";
const WASM = "pyodide/pyodide.asm.wasm";
const CORE = [LOADER, PROGRAM, WASM, LOCK, LIBRARY];
const NUMPY = "pyodide/numpy.zip";
const MATPLOTLIB = "pyodide/matplotlib.zip";
const COURSE = "course.zip";

/** @param {FromWorker} message */
const send = (message) => postMessage(message);

const SITE_PACKAGES = "/lib/python3.14/site-packages";

/** @type {any} */
let pyodide;
/** @type {any} */
let tab;
/** @type {Download} */
let download;
/** @type {Promise<void> | undefined} */
let matplotlib;

/** @param {Start} request */
async function start({ base, files, record }) {
  download = new Download(base, files, (loaded, total) => send({ kind: "progress", loaded, total }));
  const [core, numpy, course, ...recorded] = await Promise.all([
    Promise.all(CORE.map((path) => download.bytes(path))),
    ...[NUMPY, COURSE, ...record].map((path) => download.bytes(path)),
  ]);
  for (const path of [LIBRARY, WASM]) serve(path, core[CORE.indexOf(path)]);
  const { loadPyodide } = await import(download.address(LOADER));
  const { default: createPyodideModule } = await import(download.address(PROGRAM));
  pyodide = await loadPyodide({
    indexURL: download.address("pyodide/"),
    createPyodideModule,
    lockFileContents: await download.text(LOCK),
    jsglobals: Object.create(null),
    env: { HOME: "/home/pyodide", MPLBACKEND: "module://figure_backend", MPLCONFIGDIR: "/tmp" },
  });
  unpack(numpy, SITE_PACKAGES);
  unpack(course, "/course");
  pyodide.runPython("import sys; sys.path.insert(0, '/course')");
  tab = pyodide.pyimport("tab");
  tab.start(...recorded.map((content) => pyodide.toPy(content)));
  confine(self);
  send({ kind: "ready" });
}

/**
 * Have Pyodide find files that are already here. WebAssembly comes from the browser's cache if it
 * can, which keeps it compiled as well; a server may have called it something else, though.
 * @param {string} path
 * @param {Uint8Array} content
 */
function serve(path, content) {
  const original = self.fetch.bind(self);
  const isWasm = path.endsWith(".wasm");
  const type = isWasm ? "application/wasm" : "application/zip";
  self.fetch = async (input, options) => {
    const asked = input instanceof Request ? input.url : String(input);
    if (asked !== download.address(path)) return original(input, options);
    const cached = isWasm ? await original(asked, { cache: "only-if-cached", mode: "same-origin" }).catch(() => undefined) : undefined;
    if (cached?.ok && cached.headers.get("Content-Type") === type) return cached;
    return new Response(/** @type {BodyInit} */ (content), { headers: { "Content-Type": type } });
  };
}

/**
 * @param {Uint8Array} archive - a zip file
 * @param {string} extractDir
 */
function unpack(archive, extractDir) {
  pyodide.unpackArchive(archive, "zip", { extractDir });
}

/** @param {Run} request */
async function run({ number, cells, check }) {
  const pairs = pyodide.toPy(cells.map(({ id, source }) => [id, source]));
  if (tab.draws(pairs)) await (matplotlib ??= addMatplotlib());
  /** @param {string} cell @param {string} output - as JSON */
  const emit = (cell, output) => {
    send({ kind: "output", number, cell, output: /** @type {Output} */ (JSON.parse(output)) });
  };
  tab.run(pairs, emit, !check);
  const outcome = check && JSON.parse(tab.check(check.name, check.cell, emit));
  send({ kind: "done", number, outcome });
}

async function addMatplotlib() {
  unpack(await download.bytes(MATPLOTLIB), SITE_PACKAGES);
  pyodide.runPython("import importlib; importlib.invalidate_caches()");
}

/** @param {unknown} error */
function fail(error) {
  const known = error instanceof DownloadFailed;
  const text = error instanceof Error ? error.message.trim().split("\n").at(-1) : String(error);
  send({ kind: "failed", reason: known ? error.message : `Python broke off: ${text}` });
}

let queue = Promise.resolve();
self.onmessage = (/** @type {MessageEvent<ToWorker>} */ { data }) => {
  queue = queue.then(() => (data.kind === "start" ? start(data) : run(data))).catch(fail);
};

// What this browser must have, and what the reader can do where it is missing.

const INSTEAD = "You can read everything here; to work on it, download the notebook and run it in Jupyter.";

/** Why code cannot run in this browser; "" if it can. */
export function missing() {
  if (typeof WebAssembly !== "object") {
    return `Python needs WebAssembly, which this browser does not have or does not allow. ${INSTEAD}`;
  }
  if (typeof Worker !== "function") return `Python needs a worker, which this browser does not have. ${INSTEAD}`;
  return "";
}

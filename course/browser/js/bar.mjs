// The bar at the bottom of a page: what Python is doing, how to stop it, the points so far.
import { button, element } from "./dom.mjs";

/** @import { State } from "./python.mjs" */

export class Bar {
  #text = element("span", { role: "status" });
  #progress = element("progress", { max: "1", "aria-label": "What is loaded of Python", hidden: true });
  #points = element("span", { class: "tab-points" });
  #stop;

  /** @param {() => void} stop */
  constructor(stop) {
    this.#stop = button("Stop", stop, "tab-stop");
    this.#stop.hidden = true;
    this.node = element(
      "div",
      { class: "tab-bar", role: "region", "aria-label": "Python and your points" },
      this.#text,
      this.#progress,
      this.#stop,
      this.#points,
    );
  }

  /** @param {State} state */
  show({ phase, text, loaded, total }) {
    this.#text.textContent = text;
    this.node.dataset.phase = phase;
    this.#stop.hidden = phase !== "running";
    this.#progress.hidden = !total || phase !== "starting";
    if (total) this.#progress.value = (loaded ?? 0) / total;
  }

  /** @param {number} points @param {number} possible */
  showPoints(points, possible) {
    this.#points.textContent = `${points} of ${possible} points`;
  }
}

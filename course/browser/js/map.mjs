// Shows on the map, for each assignment, the points that the checks have agreed to in this browser.
import { Store } from "./store.mjs";

export function begin() {
  const store = new Store(() => localStorage);
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-points]"))) {
    const [latest] = store.all(place.dataset.points);
    if (latest) place.textContent = `${latest.work.points} of ${latest.work.possible} points`;
  }
  const note = /** @type {HTMLElement | null} */ (document.querySelector("[data-store]"));
  if (note && store.problem) note.textContent = store.problem;
}

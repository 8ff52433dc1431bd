// Hands a notebook in where the page came from a learning platform, which has left a mark in it.
import { element } from "./dom.mjs";

const PATIENCE = 60_000; // ms for an answer

/** A notebook could not be handed in; `message` is for the reader. */
export class HandInFailed extends Error {}

/** @typedef {{ key: string, address: string }} Mark - what proves this page, and where it hands in */

/**
 * Read the mark; undefined on a page that does not come from a learning platform.
 * @returns {Mark | undefined}
 */
export function mark() {
  const tag = /** @type {HTMLMetaElement | null} */ (document.querySelector('meta[name="hand-in"]'));
  const address = tag?.dataset.address;
  return tag && address ? { key: tag.content, address } : undefined;
}

/**
 * Hand a notebook in.
 * @param {Mark} mark
 * @param {string} notebook - the text of its file
 * @returns {Promise<Date>} when it arrived
 * @throws {HandInFailed}
 */
export async function handIn({ key, address }, notebook) {
  let response, answer;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/x-ipynb+json", "X-Hand-In": key },
      body: notebook,
      signal: AbortSignal.timeout(PATIENCE),
    });
    answer = await response.json();
  } catch {
    throw new HandInFailed(
      "It is not known whether this arrived: there was no answer. What you wrote is kept in this" +
        " browser. Is there a connection? Then hand in again; the last one counts.",
    );
  }
  if (!response.ok) throw new HandInFailed(answer.error ?? `This was not handed in (status ${response.status}).`);
  return new Date(answer.time);
}

/**
 * What the reader gets: when it arrived, or why it did not.
 * @param {Mark} mark
 * @param {string} notebook
 */
export async function receipt(mark, notebook) {
  try {
    const time = await handIn(mark, notebook);
    return element(
      "p",
      { class: "tab-notice", "data-handed-in": time.toISOString() },
      "Handed in. It arrived on ",
      element("time", { datetime: time.toISOString(), text: time.toLocaleString() }),
      ". You can hand in again: the last one counts. The points come back to the learning platform.",
    );
  } catch (error) {
    if (!(error instanceof HandInFailed)) throw error;
    return element("p", { class: "tab-notice", text: error.message });
  }
}

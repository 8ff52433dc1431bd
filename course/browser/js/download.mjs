// Downloads files of the site, counts their bytes and verifies them.

/** @import { Files } from "./protocol.mjs" */

/** A file could not be downloaded whole; `message` is for the reader. */
export class DownloadFailed extends Error {}

export class Download {
  #base;
  #files;
  #progress;
  #fetch = globalThis.fetch.bind(globalThis); // the worker takes it away before other code runs
  #loaded = 0;
  #total = 0;
  /** @type {Map<string, Promise<Uint8Array>>} */
  #started = new Map();

  /**
   * @param {string} base - the address of the folder
   * @param {Files} files - what the folder holds
   * @param {(loaded: number, total: number) => void} [progress] - called as bytes arrive
   */
  constructor(base, files, progress = () => {}) {
    this.#base = base;
    this.#files = files;
    this.#progress = progress;
  }

  /** @param {string} path */
  address(path) {
    return new URL(path, this.#base).href;
  }

  /**
   * Download a file, once.
   * @param {string} path
   * @throws {DownloadFailed}
   */
  bytes(path) {
    const started = this.#started.get(path) ?? this.#download(path);
    this.#started.set(path, started);
    return started;
  }

  /** @param {string} path */
  async text(path) {
    return new TextDecoder().decode(await this.bytes(path));
  }

  /** @param {string} path */
  async #download(path) {
    const facts = this.#files[path];
    this.#total += facts.size;
    // The browser may have kept a file of an older release: then it is asked for again.
    for (const cache of /** @type {RequestCache[]} */ (["default", "reload"])) {
      const content = await this.#read(path, facts.size, cache);
      if ((await sha256(content, facts)) === facts.sha256) return content;
    }
    throw new DownloadFailed(
      `The file ${path} is not the one that belongs to this page. Reload the page; if that does not` +
        " help, please tell whoever runs this site.",
    );
  }

  /**
   * @param {string} path
   * @param {number} size - that it should have; of a longer file the rest is left out
   * @param {RequestCache} cache
   */
  async #read(path, size, cache) {
    const content = new Uint8Array(size);
    let length = 0;
    try {
      const response = await this.#fetch(this.address(path), { cache });
      if (!response.ok || !response.body) throw new Error(`status ${response.status}`);
      for (const reader = response.body.getReader(); ; ) {
        const { done, value } = await reader.read();
        if (done) return content.subarray(0, length);
        const part = value.subarray(0, size - length);
        content.set(part, length);
        length += part.length;
        this.#progress((this.#loaded += part.length), this.#total);
      }
    } catch (error) {
      this.#loaded -= length;
      throw new DownloadFailed(
        `The file ${path} could not be downloaded (${error instanceof Error ? error.message : error}).` +
          " Is there a connection? Then try again.",
      );
    }
  }
}

/**
 * @param {Uint8Array} content
 * @param {import("./protocol.mjs").FileFacts} facts - believed where the length is right and the
 *   browser has no SHA-256: on sites without https
 */
async function sha256(content, facts) {
  if (content.length !== facts.size) return "";
  if (!globalThis.crypto?.subtle) return facts.sha256;
  const digest = await crypto.subtle.digest("SHA-256", /** @type {BufferSource} */ (content));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

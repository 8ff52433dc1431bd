// Makes elements. Text is always text: nothing that a learner writes becomes markup.

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{ [name: string]: string | boolean | ((event: Event) => void) }} attributes - a function is
 *   called at the event of that name; `text` is the content
 * @param {(Node | string)[]} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (name === "text") made.textContent = String(value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/**
 * @param {string} text
 * @param {() => void} pressed
 * @param {string} [kind] - a class
 * @param {string} [of] - what it belongs to, for screen readers, where others have the same text
 */
export function button(text, pressed, kind = "", of = "") {
  const label = of && `${text}: ${of}`;
  const attributes = { type: "button", class: `tab-button ${kind}`.trim(), click: pressed, text };
  return element("button", label ? { ...attributes, "aria-label": label } : attributes);
}

/**
 * Offer a file for download.
 * @param {string} name
 * @param {string} content
 * @param {string} type
 */
export function download(name, content, type) {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = element("a", { href: address, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * A button that lets the reader choose a file, and hands its text over.
 * @param {string} text
 * @param {string} accept - endings of its name
 * @param {(content: string, name: string) => void} chosen
 */
export function fileButton(text, accept, chosen) {
  const input = element("input", { type: "file", accept, hidden: true, "aria-label": text });
  input.addEventListener("change", async () => {
    const [file] = input.files ?? [];
    if (file) chosen(await file.text(), file.name);
    input.value = "";
  });
  const opener = button(text, () => input.click());
  return element("span", {}, opener, input);
}

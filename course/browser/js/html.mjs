// Trees of elements as HTML.

/** @import { Tree } from "./figure.mjs" */

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Write a tree of elements as HTML. @param {Tree | string} tree @returns {string} */
export function html(tree) {
  if (typeof tree === "string") return escaped(tree);
  const attributes = Object.entries(tree.attributes).map(([name, value]) => ` ${name}="${escaped(String(value))}"`);
  const begin = `<${tree.tag}${attributes.join("")}>`;
  return tree.tag === "input" ? begin : `${begin}${tree.children.map(html).join("")}</${tree.tag}>`;
}

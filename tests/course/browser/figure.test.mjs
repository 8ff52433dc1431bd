// What figures share: numbers as text, and axes that points are found on again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Plot, fixed, range, short } from "../../../course/browser/js/figure.mjs";

test("numbers have the sign that print has, and no zero has one", () => {
  assert.deepEqual([fixed(-1.25, 1), fixed(-0.0001), fixed(0, 1)], ["−1.3", "0.000", "0.0"]);
  assert.deepEqual([short(0), short(-0.5), short(2.2128), short(9100.4)], ["0", "−0.5", "2.21", "9100"]);
  assert.deepEqual([short(1.6e-26), short(-4.4e8)], ["1.6e−26", "−4.4e+8"]);
});

test("a range holds both ends", () => assert.deepEqual(range(-1, 2), [-1, 0, 1, 2]));

const plot = new Plot({ label: "x", ticks: [1, 24] }, { label: "y", ticks: [-1, 0, 1] }, 150);

test("a point of the panel is found where its dot stands", () => {
  const svg = plot.panel([], []).children.at(-1);
  for (const [x, y] of [[1, -1], [7, 0.3], [24, 1]]) {
    const { cx, cy } = plot.dot(0, x, y).children[0].attributes;
    const place = plot.point(svg.attributes.x + cx, svg.attributes.y + cy);
    assert.ok(Math.abs(place[0] - x) < 0.01 && Math.abs(place[1] - y) < 0.002, place);
  }
});

test("what a logarithmic axis has no place for is left out of a line", () => {
  const log = new Plot({ label: "x", ticks: [0, 2] }, { label: "y", ticks: [-2, 0], log: true });
  const { d } = log.line(0, [0, 1, 2], [1, 0, 0.01]).children[0].attributes;
  assert.equal(d.split(" ").length, 2);
});

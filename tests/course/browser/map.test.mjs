// What the map says of the quizzes of a chapter.
import assert from "node:assert/strict";
import { test } from "node:test";
import { standing } from "../../../course/browser/js/map.mjs";
import { Store } from "../../../course/browser/js/store.mjs";
import { storage } from "./storage.mjs";

const right = { one: "1a", two: "2a", three: "3a" };

test("quizzes count on the map when they are answered right", () => {
  const store = new Store(() => storage());
  assert.equal(standing(right, store), "");
  store.choose("one", "1b");
  assert.equal(standing(right, store), "0 of 3 quizzes right");
  store.choose("one", "1a");
  store.choose("two", "2a");
  assert.equal(standing(right, store), "2 of 3 quizzes right");
});

test("an answer to a quiz of another chapter, or to an older question, is not counted", () => {
  const store = new Store(() => storage());
  store.choose("elsewhere", "1a");
  assert.equal(standing(right, store), "");
  store.choose("one", "older");
  assert.equal(standing(right, store), "0 of 3 quizzes right");
});

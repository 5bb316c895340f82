import assert from "node:assert/strict";
import { test } from "node:test";
import { travels } from "./flip.js";

test("a row that moved travels from where it was", () => {
  assert.deepEqual(travels({ 1: 0, 2: 80 }, { 2: 0, 1: 80 }), [{ key: "1", by: -80 }, { key: "2", by: 80 }]);
});

test("what is new, gone or still travels nowhere", () => {
  assert.deepEqual(travels({ 1: 0, 2: 80 }, { 1: 0, 3: 80 }), []);
});

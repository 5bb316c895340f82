import assert from "node:assert/strict";
import { test } from "node:test";
import { clock, Heard } from "./playing.js";

test("a place is told as on a clock", () => {
  assert.deepEqual([0, 65.4, 599.9, 3661, -1, NaN, Infinity].map(clock), ["0:00", "1:05", "9:59", "1:01:01", "0:00", "0:00", "0:00"]);
});

test("what is played through is heard", () => {
  const heard = new Heard();
  for (const place of [0.25, 0.5, 0.75, 1]) heard.reach(place);
  assert.equal(heard.seconds, 1);
});

test("what is jumped over is not heard, and what is heard twice counts twice", () => {
  const heard = new Heard();
  for (const place of [0.5, 100, 100.5, 0, 0.5]) heard.reach(place);
  assert.equal(heard.seconds, 1.5);
});

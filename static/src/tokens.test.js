import assert from "node:assert/strict";
import { test } from "node:test";
import { CHART_INKS, inks } from "./tokens.js";

const tokens = Object.fromEntries(CHART_INKS.map((name) => [name, `the ${name}`]));

test("each line has an ink and dashes of its own", () => {
  const lines = CHART_INKS.map((_, index) => inks(tokens, index));

  assert.equal(new Set(lines.map((line) => line.borderColor)).size, CHART_INKS.length);
  assert.equal(new Set(lines.map((line) => String(line.borderDash))).size, CHART_INKS.length);
});

test("after the last ink comes the first", () => {
  assert.deepEqual(inks(tokens, CHART_INKS.length), inks(tokens, 0));
});

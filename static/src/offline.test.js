import assert from "node:assert/strict";
import { test } from "node:test";
import { workerAddress } from "./offline.js";

const link = (href) => ({ getAttribute: () => href });

test("the worker is told the files of the page", () => {
  const page = { querySelector: () => link("/static/a.css"), querySelectorAll: () => [link("/static/b.woff2")] };

  assert.equal(workerAddress(page), "/sw.js?file=%2Fstatic%2Fa.css&file=%2Fstatic%2Fb.woff2");
});

test("a page without a style sheet still has a worker", () => {
  const page = { querySelector: () => null, querySelectorAll: () => [] };

  assert.equal(workerAddress(page), "/sw.js?");
});

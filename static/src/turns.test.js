import assert from "node:assert/strict";
import { test } from "node:test";
import { Turns } from "./turns.js";

const soon = () => new Promise((resolve) => setTimeout(resolve));

// A question that is answered when the test says so.
function question(told, name) {
  const heard = {};
  const promise = new Promise((answer, fail) => Object.assign(heard, { answer, fail }));
  const run = async (signal) => {
    told.push(`asked ${name}`);
    signal?.addEventListener("abort", () => told.push(`broke off ${name}`));
    await promise;
    if (!signal?.aborted) told.push(`answered ${name}`);
  };
  return { run, ...heard };
}

function questions(...names) {
  const told = [];
  return { told, ...Object.fromEntries(names.map((name) => [name, question(told, name)])) };
}

test("acts go one after the other", async () => {
  const { told, like, hide } = questions("like", "hide");
  const turns = new Turns();

  turns.act(like.run);
  turns.act(hide.run);
  hide.answer();
  await soon();
  assert.deepEqual(told, ["asked like"]);

  like.answer();
  await soon();
  assert.deepEqual(told, ["asked like", "answered like", "asked hide", "answered hide"]);
});

test("an act that breaks holds up none after it", async () => {
  const { told, like, hide } = questions("like", "hide");
  const turns = new Turns();
  hide.answer();

  const broken = turns.act(like.run);
  turns.act(hide.run);
  like.fail(new Error("lost"));

  await assert.rejects(broken, /lost/);
  await soon();
  assert.equal(told.at(-1), "answered hide");
});

test("a look waits for the acts, and breaks none of them off", async () => {
  const { told, like, list } = questions("like", "list");
  const turns = new Turns();

  turns.act(like.run);
  turns.look(list.run);
  await soon();
  assert.deepEqual(told, ["asked like"]);

  like.answer();
  await soon();
  assert.deepEqual(told, ["asked like", "answered like", "asked list"]);
});

test("of several looks that wait only the last is had", async () => {
  const { told, like, first, second } = questions("like", "first", "second");
  const turns = new Turns();

  turns.act(like.run);
  turns.look(first.run);
  turns.look(second.run);
  like.answer();
  await soon();

  assert.deepEqual(told, ["asked like", "answered like", "asked second"]);
});

test("a look gives way to a newer one for good", async () => {
  const { told, first, second } = questions("first", "second");
  const turns = new Turns();

  turns.look(first.run);
  turns.look(second.run);
  first.answer();
  second.answer();
  await soon();

  assert.deepEqual(told, ["asked first", "broke off first", "asked second", "answered second"]);
});

test("a look gives way to an act, and is had after it", async () => {
  const { told, like, list } = questions("like", "list");
  const turns = new Turns();

  turns.look(list.run);
  turns.act(like.run);
  list.answer();
  like.answer();
  await soon();

  assert.deepEqual(told, [
    "asked list", "broke off list", "asked like", "answered like", "asked list", "answered list",
  ]);
});

test("it is busy from the first question to the last answer", async () => {
  const { like, list } = questions("like", "list");
  const states = [];
  const turns = new Turns((isBusy) => states.push(isBusy));

  turns.act(like.run);
  turns.look(list.run);
  like.answer();
  await soon();
  assert.ok(states.every(Boolean));

  list.answer();
  await soon();
  assert.equal(states.at(-1), false);
});

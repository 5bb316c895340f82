// Checks the budget of the build: what every page loads, and what a page with a chart loads on top, in kB of brotli.
import { readFileSync } from "node:fs";
import { brotliCompressSync } from "node:zlib";

const DIST = new URL("dist/", import.meta.url);
const BUDGETS = [
  { what: "every page", entries: ["static/src/main.js", "static/src/main.css"], kB: 20 },
  { what: "a chart more", entries: ["static/src/charts.js"], kB: 65 },
];

const manifest = JSON.parse(readFileSync(new URL("manifest.json", DIST), "utf8"));

function filesOf(key, found = new Set()) {
  const { file, imports = [], css = [] } = manifest[key];
  for (const each of [file, ...css]) found.add(each);
  for (const each of imports) filesOf(each, found);
  return found;
}

const kilobytes = (file) => brotliCompressSync(readFileSync(new URL(file, DIST))).length / 1000;

for (const { what, entries, kB } of BUDGETS) {
  const files = new Set(entries.flatMap((entry) => [...filesOf(entry)]));
  const total = [...files].reduce((sum, file) => sum + kilobytes(file), 0);
  console.log(`${what}: ${total.toFixed(1)} kB of ${kB}`);
  if (total > kB) process.exitCode = 1;
}

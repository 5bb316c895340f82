import assert from "node:assert/strict";
import { test } from "node:test";
import { configuration, faint } from "./chart-kinds.js";

const tokens = { edge: "rgb(1, 2, 3)", indigo: "rgb(4, 5, 6)", vermilion: "rgb(7, 8, 9)" };

test("a set after a set has the next ink", () => {
  const sets = [{ label: "fado", values: [1, 2] }, { label: "soul", values: [3, 4] }];

  const { type, data } = configuration("line", { labels: ["Jan", "Feb"], sets }, tokens);

  assert.equal(type, "line");
  assert.deepEqual(data.datasets.map((set) => set.borderColor), [tokens.indigo, tokens.vermilion]);
  assert.deepEqual(data.datasets[1].data, [3, 4]);
});

test("a band is filled from its second edge to its first, and the line has the first ink", () => {
  const sets = [
    { label: "upper", values: [3], role: "edge" },
    { label: "lower", values: [1], role: "edge", band: true },
    { label: "middle", values: [2] },
  ];

  const { datasets } = configuration("line", { labels: ["1998"], sets, y: "Tempo" }, tokens).data;

  assert.deepEqual(datasets.map((set) => set.fill), [undefined, "-1", undefined]);
  assert.equal(datasets[2].borderColor, tokens.indigo);
});

test("dots keep to the bounds, years have no commas, minus is minus", () => {
  const chart = { points: [[1998, 40]], x: "Year", y: "Energy, %", bounds: [null, [0, 100]] };

  const { data, options } = configuration("scatter", chart, tokens);

  assert.deepEqual(data.datasets[0].data, [{ x: 1998, y: 40 }]);
  assert.deepEqual([options.scales.y.min, options.scales.y.max, options.scales.x.min], [0, 100, undefined]);
  assert.equal(options.scales.x.ticks.callback(1998), "1998");
  assert.equal(options.scales.x.ticks.callback(-0.1 - 0.2), "−0.3");
});

test("a colour can be made faint", () => {
  assert.equal(faint("rgb(4, 5, 6)", 0.4), "rgba(4, 5, 6, 0.4)");
});

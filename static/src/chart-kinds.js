// From the JSON of a chart to what Chart.js wants of it. Pure, so that Node can test it.
import { inks } from "./tokens.js";

// 1998, not 1,998; and a true minus.
const written = (value) => String(Number(value.toFixed(6))).replace("-", "−");
const axis = (text, bounds) => ({
  title: { display: true, text },
  ticks: { callback: written },
  ...(bounds ? { min: bounds[0], max: bounds[1] } : {}),
});
const times = { grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 16 } };

// The edge of a band is a thin line; the second of two edges fills up to the first.
function edge(tokens, set) {
  const fill = set.band ? { fill: "-1", backgroundColor: faint(tokens.indigo, 0.14) } : {};
  return { borderColor: tokens.edge, borderWidth: 1, pointRadius: 0, ...fill };
}

export function faint(colour, share) {
  return colour.replace(/^rgb\((.*)\)$/, (_, channels) => `rgba(${channels}, ${share})`);
}

function plain(kind, { labels, sets, y }, tokens) {
  let ink = 0;
  const dress = (set) => (set.role === "edge" ? edge(tokens, set) : inks(tokens, ink++));
  const datasets = sets.map((set) => ({ label: set.label, data: set.values, spanGaps: true, ...dress(set) }));
  const options = y ? { scales: { x: times, y: axis(y) }, interaction: { mode: "index", intersect: false } } : {};
  return { type: kind, data: { labels, datasets }, options };
}

// { points: [[x, y]], x, y (titles), bounds: [[low, high] or null, for x and for y] }
function scatter({ points, x, y, bounds }, tokens) {
  const dots = { pointRadius: 2.5, pointHoverRadius: 4, backgroundColor: faint(tokens.indigo, 0.4), borderWidth: 0 };
  const label = ({ parsed }) => `${x}: ${written(parsed.x)}; ${y}: ${written(parsed.y)}`;
  return {
    type: "scatter",
    data: { datasets: [{ data: points.map(([a, b]) => ({ x: a, y: b })), ...dots }] },
    options: {
      scales: { x: axis(x, bounds[0]), y: axis(y, bounds[1]) },
      plugins: { legend: { display: false }, tooltip: { callbacks: { label } } },
    },
  };
}

export function configuration(kind, chart, tokens) {
  return kind === "scatter" ? scatter(chart, tokens) : plain(kind, chart, tokens);
}

// Chart.js with only what the pages draw, in the colours and letters of the look. Only pages with such a chart load it.
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  ScatterController,
  Tooltip,
} from "chart.js";
import { configuration } from "./chart-kinds.js";
import { readTokens } from "./tokens.js";

Chart.register(
  BarController, BarElement, CategoryScale, Filler, Legend, LinearScale, LineController, LineElement,
  PointElement, ScatterController, Tooltip,
);

function dress(tokens) {
  const { defaults } = Chart;
  defaults.color = tokens["ink-2"];
  defaults.borderColor = tokens.rule;
  defaults.font.family = tokens.sans;
  defaults.font.size = 13;
  defaults.animation = false; // nothing moves by itself
  defaults.maintainAspectRatio = false;
  Object.assign(defaults.plugins.legend.labels, { usePointStyle: true, pointStyle: "line", pointStyleWidth: 28 });
  Object.assign(defaults.plugins.tooltip, {
    backgroundColor: tokens.sheet,
    borderColor: tokens.ink,
    borderWidth: 1,
    bodyColor: tokens.ink,
    titleColor: tokens.ink,
    cornerRadius: 4,
  });
}

// <data-chart data-kind="line" data-from="id-of-json_script"><canvas role="img" aria-label="…"></canvas></data-chart>
// The JSON is { labels: […], sets: [{ label, values }] }, or as chart-kinds.js says; a table with the same numbers stands beside it.
class DataChart extends HTMLElement {
  connectedCallback() {
    this.redraw = () => this.draw();
    document.addEventListener("theme", this.redraw);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.dark.addEventListener("change", this.redraw);
    this.draw();
  }

  disconnectedCallback() {
    document.removeEventListener("theme", this.redraw);
    this.dark.removeEventListener("change", this.redraw);
    this.chart?.destroy();
  }

  draw() {
    const tokens = readTokens();
    dress(tokens);
    this.chart?.destroy();
    const chart = JSON.parse(document.getElementById(this.dataset.from).textContent);
    this.chart = new Chart(this.querySelector("canvas"), configuration(this.dataset.kind, chart, tokens));
  }
}

customElements.define("data-chart", DataChart);

// <track-map data-url="…" data-mine="x,y x,y" data-path="x,y" data-here="x,y"> draws the tracks as points. It is moved by
// pointer or arrow keys, a point says its name, a click walks on from there. The list beside it says the same in words.
import { CHART_INKS, readTokens } from "../tokens.js";

const WIDTH = 1000, HEIGHT = 640, MARGIN = 24;
const NEAR = 9; // px from a point that still mean it
const MOVED = 4; // px from which on a press is a drag
const STEP = 60; // px a key moves the map
const KEYS = { ArrowLeft: [STEP, 0], ArrowRight: [-STEP, 0], ArrowUp: [0, STEP], ArrowDown: [0, -STEP] };

const pairs = (text = "") => text.split(" ").filter(Boolean).map((pair) => pair.split(",").map(Number));

class TrackMap extends HTMLElement {
  async connectedCallback() {
    this.leave = new AbortController();
    const answer = await fetch(this.dataset.url, { signal: this.leave.signal }).catch(() => null);
    if (this.leave.signal.aborted) return;
    if (!answer?.ok) {
      this.querySelector(".map-wait").textContent = this.dataset.failed;
      return;
    }
    Object.assign(this, await answer.json());
    this.begin();
  }

  disconnectedCallback() {
    this.leave.abort();
    this.watch?.disconnect();
  }

  begin() {
    this.canvas = this.querySelector("canvas");
    this.tip = this.querySelector(".map-tip");
    this.labels = [...this.querySelectorAll("data")].map((one) => [one.textContent, ...pairs(one.value)[0]]);
    this.mine = pairs(this.dataset.mine);
    this.path = pairs(this.dataset.path);
    this.here = pairs(this.dataset.here)[0];
    this.querySelector(".map-wait").hidden = true;
    this.canvas.hidden = this.querySelector(".map-tools").hidden = false;
    this.whole();
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.canvas);
    this.listen();
  }

  listen() {
    const { signal } = this.leave;
    const on = (target, kind, run) => target.addEventListener(kind, run, { signal });
    on(this.canvas, "pointerdown", (event) => { this.held = { x: event.offsetX, y: event.offsetY, far: 0 }; });
    on(this.canvas, "pointermove", (event) => this.pointed(event));
    on(this.canvas, "pointerleave", () => { this.held = null; this.say(-1); });
    on(this.canvas, "pointerup", (event) => this.released(event));
    on(this.canvas, "keydown", (event) => this.typed(event));
    on(this, "click", ({ target }) => this.press(target.closest("[data-do]")?.dataset.do));
    on(document, "focusin", ({ target }) => this.say(this.indexOf(target.closest("[data-track]"))));
    on(document, "theme", () => this.draw());
    on(matchMedia("(prefers-color-scheme: dark)"), "change", () => this.draw());
  }

  indexOf(row) {
    return row ? this.points.findIndex(([id]) => id === Number(row.dataset.track)) : -1;
  }

  press(what) {
    if (what === "nearer") this.zoom(1.5);
    else if (what === "farther") this.zoom(1 / 1.5);
    else if (what === "whole") this.whole();
    if (what) this.draw();
  }

  whole() {
    this.view = { x: WIDTH / 2, y: HEIGHT / 2, zoom: 1 };
  }

  zoom(by) {
    this.view.zoom = Math.min(12, Math.max(1, this.view.zoom * by));
  }

  get scale() {
    return ((this.canvas.clientWidth - 2 * MARGIN) / WIDTH) * this.view.zoom;
  }

  onScreen(x, y) {
    const { clientWidth, clientHeight } = this.canvas;
    return [(x - this.view.x) * this.scale + clientWidth / 2, (y - this.view.y) * this.scale + clientHeight / 2];
  }

  pan(dx, dy) {
    this.view.x = Math.min(WIDTH, Math.max(0, this.view.x - dx / this.scale));
    this.view.y = Math.min(HEIGHT, Math.max(0, this.view.y - dy / this.scale));
    this.draw();
  }

  typed(event) {
    const step = KEYS[event.key];
    if (step) this.pan(...step);
    else if (event.key === "+" || event.key === "-") this.press(event.key === "+" ? "nearer" : "farther");
    else return;
    event.preventDefault();
  }

  pointed({ offsetX, offsetY }) {
    if (!this.held) {
      this.say(this.nearest(offsetX, offsetY));
      return;
    }
    const [dx, dy] = [offsetX - this.held.x, offsetY - this.held.y];
    this.held = { x: offsetX, y: offsetY, far: this.held.far + Math.hypot(dx, dy) };
    this.pan(dx, dy);
  }

  released({ offsetX, offsetY }) {
    const clicked = this.held && this.held.far < MOVED;
    this.held = null;
    const at = clicked ? this.nearest(offsetX, offsetY) : -1;
    if (at >= 0) location.search = new URLSearchParams({ walk: this.points[at][0] });
  }

  nearest(x, y) {
    let best = -1;
    let least = NEAR;
    this.points.forEach(([, px, py], index) => {
      const [sx, sy] = this.onScreen(px, py);
      const away = Math.hypot(sx - x, sy - y);
      if (away < least) [best, least] = [index, away];
    });
    return best;
  }

  say(index) {
    if (index === this.said) return;
    this.said = index;
    this.tip.hidden = index < 0;
    this.draw();
    if (index < 0) return;
    const [title, by] = this.names[index].map((text, place) => {
      const part = document.createElement(place ? "span" : "b");
      part.dir = "auto";
      part.textContent = text;
      return part;
    });
    this.tip.replaceChildren(title, by);
    this.placeTip(...this.onScreen(...this.points[index].slice(1, 3)));
  }

  placeTip(x, y) {
    const { clientWidth, clientHeight } = this.canvas;
    this.tip.style.left = `${Math.max(4, Math.min(x + 10, clientWidth - this.tip.offsetWidth - 4))}px`;
    this.tip.style.top = `${Math.max(4, Math.min(y + 10, clientHeight - this.tip.offsetHeight - 4))}px`;
  }

  draw() {
    const { clientWidth, clientHeight } = this.canvas;
    const dots = devicePixelRatio || 1;
    this.canvas.width = clientWidth * dots;
    this.canvas.height = clientHeight * dots;
    this.pen = this.canvas.getContext("2d");
    this.pen.scale(dots, dots);
    this.tokens = readTokens();
    this.drawPoints();
    this.drawMine();
    this.drawPath();
    this.drawLabels();
    if (this.said >= 0) this.ring(this.points[this.said].slice(1, 3), 7, this.tokens.ink);
  }

  drawPoints() {
    const size = Math.min(4, 1.5 + this.view.zoom / 3);
    const inks = [...CHART_INKS.map((name) => this.tokens[name]), this.tokens["ink-2"]];
    this.pen.globalAlpha = 0.6;
    for (const [, x, y, cluster] of this.points) {
      const [sx, sy] = this.onScreen(x, y);
      this.pen.fillStyle = inks[cluster % inks.length];
      this.pen.fillRect(sx - size / 2, sy - size / 2, size, size);
    }
    this.pen.globalAlpha = 1;
  }

  drawMine() {
    for (const point of this.mine) this.ring(point, 3, this.tokens.ink, 1);
    if (!this.here) return;
    this.ring(this.here, 11, this.tokens.accent, 3);
    this.write(this.dataset.you, this.here, { ink: this.tokens.accent, below: 26, font: `600 15px ${this.tokens.sans}` });
  }

  drawPath() {
    this.pen.strokeStyle = this.tokens.accent;
    this.pen.lineWidth = 2.5;
    this.pen.beginPath();
    for (const point of this.path) this.pen.lineTo(...this.onScreen(...point));
    this.pen.stroke();
    this.path.forEach((point, index) => this.ring(point, index === this.path.length - 1 ? 8 : 4, this.tokens.accent, 3));
  }

  // The largest cluster first; a name that would lie on another waits until one comes nearer.
  drawLabels() {
    const taken = [];
    const serif = getComputedStyle(document.querySelector("h1")).fontFamily;
    const size = this.canvas.clientWidth < 500 ? 12 : 17;
    for (const [name, x, y] of this.labels) {
      this.pen.font = `italic ${size}px ${serif}`;
      const half = this.pen.measureText(name).width / 2;
      const [sx, sy] = this.onScreen(x, y);
      const at = this.inside(sx, half);
      if (taken.some(([ox, oy, other]) => Math.abs(at - ox) < half + other && Math.abs(sy - oy) < 1.3 * size)) continue;
      taken.push([at, sy, half]);
      this.write(name, [x, y], { ink: this.tokens.ink, below: 0, font: `italic ${size}px ${serif}` });
    }
  }

  ring(point, radius, ink, width = 2) {
    this.pen.beginPath();
    this.pen.arc(...this.onScreen(...point), radius, 0, 2 * Math.PI);
    this.pen.strokeStyle = ink;
    this.pen.lineWidth = width;
    this.pen.stroke();
  }

  // Words of a point that shows show whole.
  inside(x, half) {
    const width = this.canvas.clientWidth;
    return x < 0 || x > width ? x : Math.max(half + 6, Math.min(x, width - half - 6));
  }

  // Kept inside the picture, with a halo that parts it from the points.
  write(text, point, { ink, below, font }) {
    const [x, y] = this.onScreen(...point);
    const { pen } = this;
    pen.font = font;
    pen.textAlign = "center";
    const at = this.inside(x, pen.measureText(text).width / 2);
    pen.lineWidth = 4;
    pen.lineJoin = "round";
    pen.strokeStyle = this.tokens.sheet;
    pen.strokeText(text, at, y + below);
    pen.fillStyle = ink;
    pen.fillText(text, at, y + below);
  }
}

customElements.define("track-map", TrackMap);

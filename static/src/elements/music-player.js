// <music-player> plays what an <a data-play href="…" data-track data-title data-by data-page> on the page leads to.
// When somebody is done with a track (its end, another one, the page left) it tells of it with a bubbling event,
//   track-played, detail: { track: number, seconds: heard, length: of the track or null }
// so that a play can be recorded; it keeps nothing itself.
import { clock, Heard } from "../playing.js";

const STEP = 5; // seconds, for an arrow key
const KEYS = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP };

class MusicPlayer extends HTMLElement {
  connectedCallback() {
    this.leave = new AbortController();
    const { signal } = this.leave;
    document.addEventListener("click", (event) => this.asked(event), { signal });
    window.addEventListener("pagehide", () => this.tell(), { signal });
    this.find("[data-toggle]").addEventListener("click", () => this.toggle(), { signal });
    this.find("[data-close]").addEventListener("click", () => this.close(), { signal });
    this.range.addEventListener("input", () => this.seek(Number(this.range.value)), { signal });
    this.range.addEventListener("keydown", (event) => this.step(event), { signal });
    for (const name of ["play", "pause", "ended"]) this.audio.addEventListener(name, () => this.showState(), { signal });
    for (const name of ["timeupdate", "durationchange", "seeking"]) this.audio.addEventListener(name, () => this.showPlace(), { signal });
    this.audio.addEventListener("ended", () => this.tell(), { signal });
    this.audio.addEventListener("error", () => this.fail(), { signal });
  }

  disconnectedCallback() {
    this.leave.abort();
  }

  find(selector) { return this.querySelector(selector); }
  get audio() { return this.find("audio"); }
  get range() { return this.find("input"); }
  get length() { return Number.isFinite(this.audio.duration) ? this.audio.duration : null; }

  asked(event) {
    const link = event.target.closest?.("a[data-play]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (this.link?.href === link.href && !this.hidden) this.toggle();
    else this.load(link);
  }

  load(link) {
    this.tell();
    this.link = link;
    this.heard = new Heard();
    this.audio.src = link.href;
    this.find("[data-title]").textContent = link.dataset.title;
    this.find("[data-title]").href = link.dataset.page;
    this.find("[data-by]").textContent = link.dataset.by;
    this.find("[role=status]").textContent = "";
    this.hidden = false;
    this.showPlace();
    this.play();
  }

  play() {
    this.audio.play().catch((error) => error.name === "NotSupportedError" && this.fail());
  }

  toggle() {
    if (this.audio.paused) this.play();
    else this.audio.pause();
  }

  seek(place) {
    this.audio.currentTime = Math.min(Math.max(place, 0), this.length ?? place);
    this.showPlace();
  }

  step(event) {
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    this.seek(this.audio.currentTime + KEYS[event.key]);
  }

  close() {
    this.audio.pause();
    this.tell();
    this.hidden = true;
    this.link?.focus();
  }

  fail() {
    if (!this.link) return;
    this.find("[role=status]").textContent = this.dataset.failed;
    this.showState();
  }

  tell() {
    const { link, heard } = this;
    if (!link || !heard?.seconds) return;
    const detail = { track: Number(link.dataset.track), seconds: Math.round(heard.seconds), length: this.length };
    this.heard = new Heard();
    this.heard.place = heard.place;
    this.dispatchEvent(new CustomEvent("track-played", { bubbles: true, detail }));
  }

  showState() {
    const paused = this.audio.paused || this.audio.ended;
    const label = paused ? this.link.dataset.playLabel : this.link.dataset.pauseLabel;
    for (const button of [this.find("[data-toggle]"), this.link]) {
      button.setAttribute("aria-label", label);
      button.querySelector("use").setAttribute("href", paused ? "#i-play" : "#i-pause");
    }
  }

  showPlace() {
    const { currentTime } = this.audio;
    this.heard.reach(currentTime);
    const [now, length] = [clock(currentTime), this.length === null ? "–:––" : clock(this.length)];
    this.range.max = Math.ceil(this.length ?? currentTime);
    this.range.value = currentTime;
    this.range.setAttribute("aria-valuetext", this.dataset.place.replace("{now}", now).replace("{length}", length));
    this.find("[data-now]").textContent = now;
    this.find("[data-length]").textContent = length;
  }
}

customElements.define("music-player", MusicPlayer);

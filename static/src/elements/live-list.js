// <live-list data-list="…" data-feedback="…" data-undo="…"> answers before one's eyes: a like, a hide or an undo sends
// itself and the rows travel to their new ranks; a slider steers as it moves. The server draws the list (`[data-now]`).
// What is done takes turns and is never broken off; what a slider asks for comes after it.
// Without it the same forms post, and the page comes back changed.
import { travels } from "../flip.js";
import { Turns } from "../turns.js";

const PAUSE = 180; // ms without a move before a slider is sent
const MOVE = { duration: 420, easing: "cubic-bezier(.2,.7,.1,1)" };

class LiveList extends HTMLElement {
  turns = new Turns((isBusy) => this.wait(isBusy));
  underway = new Set(); // what was done and is not answered yet

  connectedCallback() {
    this.leave = new AbortController();
    const { signal } = this.leave;
    this.addEventListener("submit", (event) => this.submitted(event), { signal });
    this.addEventListener("input", (event) => this.steered(event), { signal });
    this.addEventListener("change", (event) => event.target.matches("select") && this.steer(), { signal });
  }

  disconnectedCallback() {
    this.leave.abort();
    clearTimeout(this.timer);
  }

  get now() { return this.querySelector("[data-now]"); }
  get sliders() { return this.querySelector("form.steer"); }
  get csrf() { return this.querySelector("[name=csrfmiddlewaretoken]").value; }

  submitted(event) {
    const button = event.submitter;
    event.preventDefault();
    if (event.target === this.sliders) this.press(button);
    else if (button.name === "undo") this.undo(button.dataset);
    else this.say(button.name, button.value);
  }

  say(kind, track) {
    this.act(this.dataset.feedback, { kind, track: Number(track) });
  }

  undo({ kind, track, slate }) {
    this.act(this.dataset.undo, { kind, track: Number(track), slate: Number(slate) });
  }

  // A button pressed twice says one thing.
  act(url, said) {
    const key = JSON.stringify([url, said]);
    if (this.underway.has(key)) return;
    this.underway.add(key);
    this.turns.act(() => this.send(url, said)).finally(() => this.underway.delete(key));
  }

  // Said of the list that shows when its turn comes.
  async send(url, said) {
    const slate = this.querySelector("[name=slate]")?.value;
    const body = JSON.stringify({ ...(slate && { slate: Number(slate) }), ...said });
    const headers = { accept: "text/html", "content-type": "application/json", "X-CSRFToken": this.csrf };
    const html = await this.ask(url, { method: "POST", headers, body });
    if (html !== null) this.show(html, () => this.tell());
  }

  // What has just been done, with the way back; said where one looks, however far down the page that is.
  tell() {
    const changed = this.querySelector("[data-changed]");
    const undo = changed?.querySelector("[name=undo]");
    const action = undo && { label: undo.textContent.trim(), run: () => this.undo(undo.dataset) };
    const text = changed && plain(changed.querySelector("p"));
    if (text) document.dispatchEvent(new CustomEvent("toast", { detail: { text, action } }));
  }

  press(button) {
    if (button?.name === "mood") this.choose(button);
    this.steer();
  }

  choose(mood) {
    this.sliders.querySelector("input[name=mood]").value = mood.value;
    for (const each of this.sliders.querySelectorAll("button[name=mood]")) {
      each.setAttribute("aria-pressed", String(each === mood));
    }
  }

  steered({ target }) {
    if (!target.matches("input[type=range]")) return;
    sayLevel(target);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.steer(), PAUSE);
  }

  steer() {
    this.turns.look((signal) => this.look(signal));
  }

  async look(signal) {
    const query = new URLSearchParams(new FormData(this.sliders));
    const html = await this.ask(`${this.dataset.list}?${query}`, { headers: { accept: "text/html" }, signal });
    if (html === null) return;
    history.replaceState(null, "", `?${query}`);
    this.show(html);
  }

  async ask(url, options) {
    try {
      const answer = await fetch(url, options);
      const html = await answer.text();
      if (answer.ok) return html;
      this.fail(words(html));
    } catch (error) {
      if (error.name !== "AbortError") this.fail(this.dataset.away);
    }
    return null;
  }

  wait(isBusy) {
    if (isBusy) this.now.setAttribute("aria-busy", "true");
    else this.now.removeAttribute("aria-busy");
  }

  fail(text) {
    document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
  }

  show(html, then = () => {}) {
    const hadFocus = this.now.contains(document.activeElement);
    const before = tops(this.now);
    const parsed = new DOMParser().parseFromString(html, "text/html");
    this.now.replaceChildren(...parsed.body.childNodes);
    if (hadFocus) this.now.focus({ preventScroll: true });
    this.travel(before);
    then();
  }

  travel(before) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    for (const { key, by } of travels(before, tops(this.now))) {
      const row = this.now.querySelector(`[data-track="${key}"]`);
      row.animate([{ transform: `translateY(${by}px)` }, { transform: "none" }], MOVE);
    }
  }
}

function tops(list) {
  const rows = [...list.querySelectorAll("[data-track]")].filter((row) => row.matches("li"));
  return Object.fromEntries(rows.map((row) => [row.dataset.track, row.offsetTop]));
}

// The words of a sentence; a name keeps its own direction and leaves that of the sentence alone.
function plain(sentence) {
  const copy = sentence.cloneNode(true);
  for (const name of copy.querySelectorAll("cite")) name.textContent = `\u2068${name.textContent}\u2069`;
  return copy.textContent.trim();
}

function words(html) {
  return new DOMParser().parseFromString(html, "text/html").body.textContent.trim();
}

function sayLevel(slider) {
  const { low, middle, high } = slider.dataset;
  const value = Number(slider.value) - Number(slider.dataset.still ?? 0);
  const text = value ? `${value < 0 ? low : high}, ${Math.round(Math.abs(value) * 100)} %` : middle;
  slider.setAttribute("aria-valuetext", text);
  const shown = slider.closest(".slider").querySelector("b");
  if (shown) shown.textContent = text;
}

customElements.define("live-list", LiveList);

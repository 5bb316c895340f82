// <look-again data-url="…"><div class="seen">…</div></look-again> asks the server every few seconds for its part of the
// page, unless nobody looks or it was told to pause. Without it the page shows what was so when it was loaded.
const EVERY = 5000; // ms

class LookAgain extends HTMLElement {
  connectedCallback() {
    this.leave = new AbortController();
    this.button ??= this.addButton();
    document.addEventListener("visibilitychange", () => this.wake(), { signal: this.leave.signal });
    this.wake();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    this.leave.abort();
  }

  get paused() { return this.button.getAttribute("aria-pressed") === "true"; }

  addButton() {
    const line = document.createElement("p");
    line.className = "look-again";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "lnk";
    button.setAttribute("aria-pressed", "false");
    button.textContent = this.dataset.pause;
    button.addEventListener("click", () => this.toggle());
    line.append(`${this.dataset.says} `, button);
    this.prepend(line);
    return button;
  }

  toggle() {
    this.button.setAttribute("aria-pressed", String(!this.paused));
    this.wake();
  }

  wake() {
    clearTimeout(this.timer);
    if (!this.paused && !document.hidden) this.timer = setTimeout(() => this.ask(), EVERY);
  }

  async ask() {
    try {
      const answer = await fetch(this.dataset.url, { redirect: "error", signal: this.leave.signal });
      if (answer.ok) this.show(await answer.text());
    } catch (error) {
      if (error.name === "AbortError") return; // otherwise away: the next time may be better
    }
    this.wake();
  }

  show(html) {
    const seen = this.querySelector(".seen");
    if (html === this.shown || seen.contains(document.activeElement)) return; // a link under the hand stays
    this.shown = html;
    const parsed = new DOMParser().parseFromString(html, "text/html");
    seen.replaceChildren(...parsed.body.childNodes);
  }
}

customElements.define("look-again", LookAgain);

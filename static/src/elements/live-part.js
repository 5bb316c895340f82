// <live-part data-url="…" data-live> shows what the server says now, every second, as long as what it says is marked
// [data-live]. Without it the page is read anew by hand.
const EVERY = 1000; // ms between two questions
const LATER = 5000; // after one that found nobody

class LivePart extends HTMLElement {
  connectedCallback() { this.waitFor(EVERY); }
  disconnectedCallback() { clearTimeout(this.timer); }

  waitFor(ms) {
    if (this.querySelector("[data-live]")) this.timer = setTimeout(() => this.ask(), ms);
  }

  async ask() {
    try {
      const answer = await fetch(this.dataset.url, { headers: { accept: "text/html" } });
      if (!answer.ok) return; // logged out, or gone: the page as it stands is the last that is known
      this.show(await answer.text());
      this.waitFor(EVERY);
    } catch {
      this.waitFor(LATER);
    }
  }

  show(html) {
    const held = this.contains(document.activeElement) && document.activeElement.id;
    this.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
    if (held) document.getElementById(held)?.focus(); // nobody loses the button under their hand
  }
}

customElements.define("live-part", LivePart);

// <star-rating data-away="…"> around a form of stars sends them as they are chosen, and says what is given now. Without it
// the form posts by its button ([data-give]).
import { Turns } from "../turns.js";

const PAUSE = 250; // ms: the arrow keys pass by the stars between

class StarRating extends HTMLElement {
  turns = new Turns();
  pause = 0;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.stars = [...this.form.elements.stars];
    this.given = this.chosen;
    this.form.querySelector("[data-give]").remove();
    this.form.addEventListener("keydown", () => (this.pause = PAUSE));
    this.form.addEventListener("pointerdown", () => (this.pause = 0));
    this.form.addEventListener("change", () => this.soon());
    this.form.addEventListener("submit", (event) => this.submitted(event));
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  get chosen() { return this.form.elements.stars.value; }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.say(), this.pause);
  }

  submitted(event) {
    event.preventDefault();
    if (event.submitter?.name === "take_back") this.takeBack();
    else this.soon();
  }

  takeBack() {
    this.choose("");
    this.stars[0].focus(); // the button goes
    this.say();
  }

  say() {
    clearTimeout(this.timer);
    const stars = this.chosen;
    const said = new FormData(this.form);
    said.set("in_place", "1");
    if (!stars) said.set("take_back", "on");
    this.turns.act(() => this.send(said, stars));
  }

  async send(said, stars) {
    try {
      const answer = await fetch(this.form.action, { method: "POST", body: said });
      if (answer.redirected) return location.reload(); // logged out meanwhile
      if (!answer.ok) throw new Error(answer.statusText);
      this.show(await answer.text(), stars);
    } catch {
      this.choose(this.given);
      document.dispatchEvent(new CustomEvent("toast", { detail: { text: this.dataset.away } }));
    }
  }

  show(text, stars) {
    this.given = stars;
    this.form.querySelector("[role=status]").textContent = text.trim();
    this.form.elements.take_back.hidden = !stars;
  }

  choose(stars) {
    for (const star of this.stars) star.checked = star.value === stars;
  }
}

customElements.define("star-rating", StarRating);

// <pop-menu><details>…</details></pop-menu> closes on Escape, and when the hand or the focus goes elsewhere.
class PopMenu extends HTMLElement {
  connectedCallback() {
    this.leave = new AbortController();
    const { signal } = this.leave;
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.close(), { signal });
    this.addEventListener("focusout", (event) => this.leftFor(event.relatedTarget), { signal });
    document.addEventListener("pointerdown", (event) => this.leftFor(event.target), { signal });
  }

  disconnectedCallback() {
    this.leave.abort();
  }

  get details() {
    return this.querySelector("details");
  }

  leftFor(target) {
    if (target && !this.contains(target)) this.details.open = false;
  }

  close() {
    if (!this.details.open) return;
    this.details.open = false;
    this.details.querySelector("summary").focus();
  }
}

customElements.define("pop-menu", PopMenu);

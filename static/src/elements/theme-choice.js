// <theme-choice> around the form of the theme (light, dark, or empty for the system's): the page turns at once, the form is sent behind it.
class ThemeChoice extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      event.preventDefault();
      this.choose(event.target, event.submitter);
    });
  }

  async choose(form, button) {
    const before = document.documentElement.dataset.theme ?? "";
    this.show(button.value);
    const body = new FormData(form, button);
    // The answer sends us back here; fetching the page for it would use up its messages.
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer?.type !== "opaqueredirect") this.show(before);
  }

  show(theme) {
    if (theme) document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
    for (const button of this.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
    document.dispatchEvent(new CustomEvent("theme"));
  }
}

customElements.define("theme-choice", ThemeChoice);

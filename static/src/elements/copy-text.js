// <copy-text data-label="Copy" data-done="Copied"><input readonly></copy-text> gives the text a button that copies it.
class CopyText extends HTMLElement {
  connectedCallback() {
    if (!navigator.clipboard || this.querySelector("button")) return; // over plain http there is none: select by hand
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-small";
    button.textContent = this.dataset.label;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", () => this.copy(button));
    this.append(button);
  }

  async copy(button) {
    const input = this.querySelector("input");
    input.select();
    await navigator.clipboard.writeText(input.value);
    button.textContent = this.dataset.done;
  }
}

customElements.define("copy-text", CopyText);

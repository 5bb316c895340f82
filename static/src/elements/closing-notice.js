// <closing-notice data-label="Close"> gives a message a button that puts it away. Without a label it stays.
class ClosingNotice extends HTMLElement {
  connectedCallback() {
    if (!this.dataset.label || this.querySelector(".notice-close")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "lnk notice-close";
    button.textContent = this.dataset.label;
    button.addEventListener("click", () => this.remove());
    this.firstElementChild.append(button);
  }
}

customElements.define("closing-notice", ClosingNotice);

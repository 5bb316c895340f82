// <reveal-password data-show="Show" data-hide="Hide"><input type="password"></reveal-password>
// shows what is being typed while its button is pressed in.
class RevealPassword extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("button")) return;
    this.input = this.querySelector("input");
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "lnk reveal";
    this.button.setAttribute("aria-controls", this.input.id);
    this.button.addEventListener("click", () => this.show(this.input.type === "password"));
    this.append(this.button);
    this.input.form?.addEventListener("submit", () => this.show(false));
    this.show(false);
  }

  show(shown) {
    this.input.type = shown ? "text" : "password";
    this.button.textContent = shown ? this.dataset.hide : this.dataset.show;
  }
}

customElements.define("reveal-password", RevealPassword);

// <toast-list> says what was done and offers to undo it, one sentence at a time:
//   document.dispatchEvent(new CustomEvent("toast", { detail: { text, action: { label, run } } }))
// A toast stays until the next one or until it is put away: nobody reads against a clock.
class ToastList extends HTMLElement {
  connectedCallback() {
    this.listen = (event) => this.say(event.detail);
    document.addEventListener("toast", this.listen);
  }

  disconnectedCallback() {
    document.removeEventListener("toast", this.listen);
  }

  say({ text, action }) {
    const toast = document.createElement("p");
    toast.className = "toast";
    toast.append(text);
    if (action) toast.append(this.button(action.label, action.run));
    toast.append(this.button(this.dataset.close, () => {}));
    this.replaceChildren(toast);
  }

  button(label, run) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      this.replaceChildren();
      run();
    });
    return button;
  }
}

customElements.define("toast-list", ToastList);

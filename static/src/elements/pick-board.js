// <pick-board> around forms of picks: a pick is sent behind the page, and the server's own page gives the new board
// ([data-board]). Forms marked [data-plain] post as they are. Without it every form does.
class PickBoard extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => {
      const form = event.target;
      if (form.method !== "post" || form.hasAttribute("data-plain")) return;
      event.preventDefault();
      this.send(form, event.submitter);
    });
  }

  async send(form, button) {
    if (this.busy) return; // the next pick may be made once this one shows
    this.busy = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form, button) });
      if (!answer.ok) throw new Error(answer.statusText);
      this.show(await answer.text(), button);
    } catch {
      location.reload(); // it shows what has been taken in so far
    } finally {
      this.busy = false;
    }
  }

  show(html, button) {
    const board = new DOMParser().parseFromString(html, "text/html").querySelector("[data-board]");
    if (!board) return location.reload();
    const same = `button[name="${button.name}"][value="${button.value}"]`;
    this.querySelector("[data-board]").replaceWith(document.adoptNode(board));
    (this.querySelector(same) ?? this.querySelector("section button"))?.focus();
  }
}

customElements.define("pick-board", PickBoard);

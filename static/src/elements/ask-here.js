// <ask-here data-away="…"><a href="…">…</a></ask-here> asks on the spot what the link asks on a page of its own. The page,
// asked `in_place`, answers with its form ([data-ask], in a dialog here) or, once that is sent, with a sentence ([data-said],
// a toast).
const FIRST = ["[aria-invalid]", "ul button", "input:not([type=hidden])"]; // what has the focus, if it is there

class AskHere extends HTMLElement {
  connectedCallback() {
    this.link = this.querySelector("a");
    this.link.setAttribute("aria-haspopup", "dialog");
    this.link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.ask(inPlace(this.link.href));
    });
  }

  async ask(url, options) {
    try {
      const answer = await fetch(url, options);
      if (answer.redirected) return location.assign(this.link.href); // logged out meanwhile
      this.show(new DOMParser().parseFromString(await answer.text(), "text/html").body);
    } catch {
      this.fail();
    }
  }

  show(answer) {
    const asked = answer.querySelector("[data-ask]");
    const said = answer.querySelector("[data-said]");
    if (asked) this.open(asked);
    else if (said) this.say(said.textContent);
    else this.fail();
  }

  open(asked) {
    this.dialog ??= this.makeDialog();
    this.dialog.firstChild.replaceChildren(document.adoptNode(asked));
    if (!this.dialog.open) this.dialog.showModal();
    FIRST.map((each) => asked.querySelector(each)).find((each) => each).focus();
  }

  say(text) {
    this.dialog?.close();
    toast(text.trim());
  }

  // What was written stays.
  fail() {
    const lost = this.dialog?.querySelector("[data-lost]");
    if (lost) lost.textContent = this.dataset.away;
    else toast(this.dataset.away);
  }

  // At the end of the page: the list around the link is a form, and may be drawn anew.
  makeDialog() {
    const dialog = document.createElement("dialog");
    dialog.className = "ask-dialog";
    dialog.setAttribute("aria-labelledby", "ask-title");
    dialog.append(document.createElement("div"));
    dialog.addEventListener("submit", (event) => this.submitted(event));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => this.closed());
    document.body.append(dialog);
    return dialog;
  }

  submitted(event) {
    const { target: form, submitter } = event;
    if (form.method === "dialog") return;
    event.preventDefault();
    this.ask(form.action, { method: "POST", body: new FormData(form, submitter) });
  }

  closed() {
    this.dialog.remove();
    this.dialog = null;
    this.link.focus();
  }
}

function toast(text) {
  document.dispatchEvent(new CustomEvent("toast", { detail: { text } }));
}

function inPlace(href) {
  const url = new URL(href);
  url.searchParams.set("in_place", "1");
  return url;
}

customElements.define("ask-here", AskHere);

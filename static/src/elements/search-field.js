// <search-field data-url="…"> finds music as one types: arrows choose, Enter goes, Escape closes. "/" struck anywhere
// gives it the focus. What was found is the server's own partial, a listbox. Without it the form still asks.
const PAUSE = 140; // ms without a letter before the server is asked

class SearchField extends HTMLElement {
  connectedCallback() {
    this.leave = new AbortController();
    const { signal } = this.leave;
    document.addEventListener("keydown", (event) => this.jumpHere(event), { signal });
    if (!this.dataset.url) return;
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-expanded", "false");
    this.input.addEventListener("input", () => this.askSoon(), { signal });
    this.input.addEventListener("keydown", (event) => this.move(event), { signal });
    this.addEventListener("focusout", (event) => this.contains(event.relatedTarget) || this.close(), { signal });
    this.list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal }); // the box keeps the focus
  }

  disconnectedCallback() {
    this.leave.abort();
    this.stop();
  }

  get input() { return this.querySelector("input"); }
  get list() { return this.querySelector(".found"); }
  get options() { return [...this.list.querySelectorAll("[role=option]")]; }
  get chosen() { return this.list.querySelector("[aria-selected=true]"); }

  jumpHere(event) {
    if (!wantsSearch(event)) return;
    event.preventDefault();
    this.input.select();
  }

  stop() {
    clearTimeout(this.timer);
    this.asked?.abort();
  }

  askSoon() {
    this.stop();
    const words = this.input.value.trim();
    if (!words) return this.close();
    this.timer = setTimeout(() => this.ask(words), PAUSE);
  }

  async ask(words) {
    this.asked = new AbortController();
    const url = `${this.dataset.url}?${new URLSearchParams({ q: words, limit: 4 })}`;
    try {
      const answer = await fetch(url, { headers: { accept: "text/html" }, signal: this.asked.signal });
      if (answer.ok) this.show(await answer.text());
      else this.close();
    } catch (error) {
      if (error.name !== "AbortError") this.close(); // away: Enter still asks for the page
    }
  }

  show(html) {
    const parsed = new DOMParser().parseFromString(html, "text/html");
    this.list.replaceChildren(...parsed.body.childNodes);
    this.list.hidden = false;
    this.input.setAttribute("aria-controls", "found");
    this.input.setAttribute("aria-expanded", "true");
    this.choose(null);
    this.querySelector("[role=status]").textContent = this.list.querySelector("[data-said]")?.textContent ?? this.options.at(-1).textContent;
  }

  close() {
    this.stop();
    this.list.hidden = true;
    this.choose(null);
    this.input.setAttribute("aria-expanded", "false");
  }

  move(event) {
    if (this.list.hidden || event.isComposing) return;
    const { options, chosen } = this;
    const at = options.indexOf(chosen);
    if (event.key === "ArrowDown") this.choose(options[at + 1] ?? null);
    else if (event.key === "ArrowUp") this.choose(at < 0 ? options.at(-1) : (options[at - 1] ?? null));
    else if (event.key === "Enter" && chosen) chosen.click();
    else if (event.key === "Escape") this.close();
    else return;
    event.preventDefault();
  }

  choose(option) {
    this.chosen?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }
}

function wantsSearch(event) {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return false;
  return !event.target.closest?.("input, textarea, select, [contenteditable]");
}

customElements.define("search-field", SearchField);

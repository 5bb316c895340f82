// <spotify-player data-address="…" data-title="…"> shows Spotify's player once somebody said that it may be shown; nothing
// is asked of Spotify before. This browser remembers the word, until it is taken back.
const KEPT_AS = "spotify-player";
const HEIGHT = 152;

class SpotifyPlayer extends HTMLElement {
  connectedCallback() {
    this.hidden = false;
    this.querySelector("[data-yes]").addEventListener("click", () => this.answer(true));
    this.querySelector("[data-no]").addEventListener("click", () => this.answer(false));
    this.show(remembered());
  }

  answer(allowed) {
    remember(allowed);
    this.show(allowed);
    this.querySelector(allowed ? "[data-no]" : "[data-yes]").focus();
  }

  show(allowed) {
    this.querySelector("[data-before]").hidden = allowed;
    this.querySelector("[data-after]").hidden = !allowed;
    this.querySelector("iframe")?.remove();
    if (allowed) this.prepend(this.frame());
  }

  frame() {
    const frame = document.createElement("iframe");
    frame.title = this.dataset.title;
    frame.height = HEIGHT;
    frame.allow = "encrypted-media; fullscreen";
    frame.loading = "lazy";
    frame.referrerPolicy = "no-referrer";
    frame.src = this.dataset.address;
    return frame;
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEPT_AS) === "yes";
  } catch {
    return false; // a browser that keeps nothing is asked each time
  }
}

function remember(allowed) {
  try {
    if (allowed) localStorage.setItem(KEPT_AS, "yes");
    else localStorage.removeItem(KEPT_AS);
  } catch {
    // it is asked again on the next page
  }
}

customElements.define("spotify-player", SpotifyPlayer);

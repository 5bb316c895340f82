// <time-zone><input type="hidden"></time-zone> fills in where the browser is, e.g. Europe/Lisbon.
class TimeZone extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector("input");
    input.value ||= Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  }
}

customElements.define("time-zone", TimeZone);

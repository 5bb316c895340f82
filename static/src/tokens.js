// The tokens of the look as a canvas can use them: light-dark() is settled by asking a real element.
const COLOURS = ["ink", "ink-2", "ink-3", "rule", "edge", "sheet", "accent"];
export const CHART_INKS = ["indigo", "vermilion", "ochre", "verdigris", "moss", "plum", "umber"];
// Colour is never the only sign: every line has its own dashes too.
const DASHES = [[], [7, 4], [2, 3], [10, 3, 2, 3], [4, 4], [1, 4], [12, 4]];

export function readTokens() {
  const probe = document.body.appendChild(document.createElement("i"));
  const read = (name) => {
    probe.style.color = `var(--color-${name})`;
    return getComputedStyle(probe).color;
  };
  const tokens = Object.fromEntries([...COLOURS, ...CHART_INKS].map((name) => [name, read(name)]));
  probe.remove();
  return { ...tokens, sans: getComputedStyle(document.body).fontFamily };
}

export function inks(tokens, index) {
  const at = index % CHART_INKS.length;
  const ink = tokens[CHART_INKS[at]];
  return { borderColor: ink, backgroundColor: ink, borderDash: DASHES[at], borderWidth: 2, pointRadius: 0 };
}

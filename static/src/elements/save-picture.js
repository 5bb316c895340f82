// <save-picture data-name="….png"> around a link to an SVG: the picture is saved as a PNG, which more places can show.
// Without it the link saves the SVG itself.
const SIDE = 1080; // pixels

class SavePicture extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link) return;
      event.preventDefault();
      this.save(link).catch(() => { location.href = link.href; });
    });
  }

  async save(link) {
    const answer = await fetch(link.href);
    if (!answer.ok) throw new Error(answer.statusText);
    const png = await drawn(await answer.text());
    const file = document.createElement("a");
    file.href = URL.createObjectURL(png);
    file.download = this.dataset.name;
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 10_000);
  }
}

async function drawn(svg) {
  const image = new Image(SIDE, SIDE);
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  canvas.getContext("2d").drawImage(image, 0, 0, SIDE, SIDE);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

customElements.define("save-picture", SavePicture);

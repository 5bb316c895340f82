// Keeps the offline page at hand. What it must look like is told in the address, so a new build is a new worker.
export function workerAddress(document) {
  const sheet = document.querySelector('link[rel="stylesheet"]');
  const fonts = [...document.querySelectorAll('link[rel="preload"][as="font"]')];
  const files = [sheet, ...fonts].filter(Boolean).map((link) => link.getAttribute("href"));
  return `/sw.js?${new URLSearchParams(files.map((file) => ["file", file]))}`;
}

export function keepOfflinePage() {
  if (!("serviceWorker" in navigator) || !document.querySelector('link[rel="manifest"]')) return;
  addEventListener("load", () => navigator.serviceWorker.register(workerAddress(document)).catch(() => {}));
}

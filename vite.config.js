import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/",
  publicDir: false, // Django serves static/public as it is
  plugins: [tailwindcss()],
  build: {
    outDir: "static/dist",
    manifest: "manifest.json",
    target: "baseline-widely-available",
    cssTarget: ["chrome125", "firefox128", "safari17.5"], // the first that know light-dark()
    assetsInlineLimit: 0, // a data: address would need a hole in the Content-Security-Policy
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: ["static/src/main.js", "static/src/main.css", "static/src/charts.js", "static/src/styleguide.css", "static/src/explore.css", "static/src/pictures.css", "static/src/pictures.js", "static/src/map.css", "static/src/map.js"],
    },
  },
});

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

// 360, 奇安信 and UOS browsers carry Chromium of 2022; nothing newer is asked for.
const kOldestBrowser = "chrome102";

export default defineConfig({
  plugins: [svelte()],
  build: {
    target: kOldestBrowser,
    cssTarget: kOldestBrowser,
    assetsInlineLimit: 0, // everything is a file of its own: the policy of the page allows no data: scripts or styles
    modulePreload: { polyfill: false },
    reportCompressedSize: true,
  },
  worker: { format: "es" },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});

import { defineConfig } from "@playwright/test";

/** End-to-end tests: one after the other, because they boot servers and measure time. */
export default defineConfig({
  testDir: "tests/e2e",
  workers: 1,
  timeout: 300_000,
  reporter: "list",
  use: {
    // What a page does not show within this, it will not show.
    actionTimeout: 30_000,
    launchOptions: {
      executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    },
  },
});

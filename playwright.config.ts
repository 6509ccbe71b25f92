import { defineConfig } from "@playwright/test";

/** A page alone, with a host of the test's own. */
const PAGES = /page[^/]*\.spec\.ts$/;

/**
 * End-to-end tests: those with servers and teams one after the other, because they boot machines and measure time; those
 * of the pages beside them.
 */
export default defineConfig({
  testDir: "tests/e2e",
  workers: 2,
  timeout: 300_000,
  reporter: "list",
  projects: [
    { name: "servers", testIgnore: PAGES, workers: 1 },
    { name: "pages", testMatch: PAGES, workers: 1 },
  ],
  use: {
    // What a page does not show within this, it will not show.
    actionTimeout: 30_000,
    launchOptions: {
      executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    },
  },
});

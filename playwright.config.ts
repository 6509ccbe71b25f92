import { defineConfig } from "@playwright/test";

/** A page alone, with a host of the test's own. */
const PAGES = /page[^/]*\.spec\.ts$/;

/** End-to-end tests: two files at a time, which boot machines of their own and measure time. */
export default defineConfig({
  testDir: "tests/e2e",
  workers: 2,
  timeout: 300_000,
  reporter: "list",
  // Until what is expected has come; a busy machine takes longer.
  expect: { timeout: 15_000 },
  projects: [
    { name: "lab", testMatch: /lab\.setup\.ts$/ },
    { name: "servers", testIgnore: PAGES, dependencies: ["lab"] },
    { name: "pages", testMatch: PAGES },
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

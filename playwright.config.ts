import { defineConfig } from "@playwright/test";

/** A page alone, with a host of the test's own. */
const PAGES = /page[^/]*\.spec\.ts$/;
/** How servers are reached and what is installed on them. */
const SERVERS = /(connect|hardening|install|provision|server-services|sign-in)\.spec\.ts$/;

/** End-to-end tests: two kinds at a time, each kind one after the other, because they boot machines and measure time. */
export default defineConfig({
  testDir: "tests/e2e",
  workers: 2,
  timeout: 300_000,
  reporter: "list",
  projects: [
    { name: "lab", testMatch: /lab\.setup\.ts$/ },
    { name: "team", testIgnore: [PAGES, SERVERS], workers: 1, dependencies: ["lab"] },
    { name: "servers", testMatch: SERVERS, workers: 1, dependencies: ["lab"] },
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

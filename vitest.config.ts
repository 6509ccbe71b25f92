import { defineConfig } from "vitest/config";

const shared = { environment: "node", testTimeout: 20_000, hookTimeout: 60_000 } as const;

/** Three projects by what they need: nothing (unit), real programs of this machine (integration), lab servers (e2e is Playwright's). */
export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: "unit", include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"] } },
      {
        test: {
          ...shared,
          name: "integration",
          include: ["tests/**/*.integration.ts"],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});

import { mkdirSync, mkdtempSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { findPlaces } from "../../../src-main/local/places.ts";

test("keeps everything in the home of the person", () => {
  const places = findPlaces("/home/ada/.local/share/ai-infrastructure", false);
  expect(places.root).toBe("/home/ada/.local/share/ai-infrastructure/local");
  expect(places.run).toBe(`${places.root}/run`);
});

test("puts sockets in a short place when their paths would not fit the kernel's limit", () => {
  const home = `/home/ada/${"long/".repeat(15)}`;
  const places = findPlaces(home, false);
  expect(`${places.run}/agents/supervisor/daemon.sock`.length).toBeLessThanOrEqual(107);
  expect(findPlaces(home, false).run).toBe(places.run);
  expect(findPlaces(`${home}other`, false).run).not.toBe(places.run);
});

test("leaves a home that the team's user cannot reach when root starts it", () => {
  const folder = mkdtempSync("/tmp/places-");
  expect(findPlaces(path.join(folder, "home"), true).root).toMatch(
    /^\/var\/lib\/ai-infrastructure-local\/[0-9a-f]{16}$/,
  );
  mkdirSync("/tmp/places-open/home", { recursive: true, mode: 0o755 });
  expect(findPlaces("/tmp/places-open/home", true).root).toBe("/tmp/places-open/home/local");
});

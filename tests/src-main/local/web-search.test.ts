import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeFolders } from "../../../src-main/local/make-folders.ts";
import { findPlaces, type Places } from "../../../src-main/local/places.ts";
import { credentialFile } from "../../../src-main/local/credentials.ts";
import { readWebSearch, writeWebSearch } from "../../../src-main/local/web-search.ts";

const BRAVE = { provider: "brave", url: "https://api.search.brave.com" } as const;
const KEY = "a-key-of-brave";

let home: string;
let places: Places;
const user = { name: "me", uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "local-search-"));
  places = findPlaces(home, false);
  makeFolders(places, user);
});
afterEach(() => rmSync(home, { recursive: true }));

it("keeps who searches apart from the key, which nobody else can read", () => {
  expect(readWebSearch(places)).toBeUndefined();
  writeWebSearch(places, user, { search: BRAVE, key: KEY });
  expect(readWebSearch(places)).toEqual(BRAVE);
  expect(readFileSync(credentialFile(places, "search-key"), "utf8")).toBe(KEY);
  expect(statSync(credentialFile(places, "search-key")).mode & 0o777).toBe(0o600);
});

it("forgets the key of another provider or address, and keeps it for the same", () => {
  writeWebSearch(places, user, { search: BRAVE, key: KEY });
  writeWebSearch(places, user, { search: BRAVE, key: null });
  expect(existsSync(credentialFile(places, "search-key"))).toBe(true);
  writeWebSearch(places, user, { search: { ...BRAVE, url: "https://elsewhere.example" }, key: null });
  expect(existsSync(credentialFile(places, "search-key"))).toBe(false);
  writeWebSearch(places, user, { search: BRAVE, key: KEY });
  writeWebSearch(places, user, { search: null, key: null });
  expect([readWebSearch(places), existsSync(credentialFile(places, "search-key"))]).toEqual([undefined, false]);
});

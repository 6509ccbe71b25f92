import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serveAsset } from "../../../src-main/assets/serve-asset.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "assets-"));
const root = path.join(folder, "page");

beforeAll(() => {
  mkdirSync(path.join(root, "assets"), { recursive: true });
  writeFileSync(path.join(folder, "secret.txt"), "secret");
  writeFileSync(path.join(folder, "page-secret"), "secret");
  writeFileSync(path.join(root, "index.html"), "<!doctype html>");
  writeFileSync(path.join(root, "assets", "index-1.js"), "1");
});
afterAll(() => rmSync(folder, { recursive: true }));

test("serves the page at / and its files with their types", async () => {
  const [page, script] = [await serveAsset(root, "/"), await serveAsset(root, "/assets/index-1.js")];
  expect([page, script].map((asset) => [asset.status, asset.headers["content-type"]])).toEqual([
    [200, "text/html; charset=utf-8"],
    [200, "text/javascript; charset=utf-8"],
  ]);
});

test.each([
  "/../secret.txt",
  "/%2e%2e/secret.txt",
  "/..%2fsecret.txt",
  "/../page-secret",
  "/assets",
  "/nothing.js",
  "/%zz",
  "/index.html%00.js",
])("answers 404 outside its folder: %s", async (pathname) => {
  expect((await serveAsset(root, pathname)).status).toBe(404);
});

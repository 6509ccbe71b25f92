import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { extractFile, listPackage } from "@electron/asar";
import { FuseState, FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { expect, test } from "@playwright/test";
import { MEMORY_MODEL_FILES } from "../../contract/memory-model.ts";

// A packaging check, not an installable app: electron-builder works around a file that is not Electron.
const root = path.resolve(import.meta.dirname, "../..");
const packaged = path.join(root, "release/packaging-check/linux-unpacked");
const archive = path.join(packaged, "resources/app.asar");

test.beforeAll(() => {
  execFileSync(path.join(root, "node_modules/.bin/node"), ["scripts/package.mjs", "--standin"], { cwd: root });
});

test("the archive holds the built app and nothing of the sources", () => {
  const tops = new Set(listPackage(archive, { isPack: false }).map((file) => file.split("/").slice(1, 3).join("/")));
  expect([...tops].filter((name) => !name.startsWith("node_modules")).sort()).toEqual([
    "out",
    "out/daemon",
    "out/local",
    "out/main",
    "out/memory-model",
    "out/preload",
    "out/renderer",
    "package.json",
  ]);
});

test("the archive names the main file that is in it", () => {
  const manifest = JSON.parse(extractFile(archive, "package.json").toString()) as { main: string };
  expect(extractFile(archive, manifest.main).length).toBeGreaterThan(1000);
});

test("the preload requires nothing but electron, as the sandbox demands", () => {
  const preload = extractFile(archive, "out/preload/preload.cjs").toString();
  expect([...preload.matchAll(/\b(?:require|import)\(?\s*["']([^"']+)/g)].map((match) => match[1])).toEqual([
    "electron",
  ]);
});

test("what other programs load or run lies outside the archive", () => {
  const outside = [
    "app.asar.unpacked/node_modules/@lydell/node-pty/index.js",
    `app.asar.unpacked/node_modules/@lydell/node-pty-linux-${process.arch}/pty.node`,
    "app.asar.unpacked/out/daemon/daemon.mjs",
    "app.asar.unpacked/out/local/local-team.mjs",
    ...MEMORY_MODEL_FILES.map((file) => `app.asar.unpacked/out/memory-model/${file}`),
    "runtime/node",
  ];
  expect(outside.filter((file) => !existsSync(path.join(packaged, "resources", file)))).toEqual([]);
});

test("every fuse is set as decided", async () => {
  const wire = await getCurrentFuseWire(path.join(packaged, "ai-infrastructure"));
  const enabled = Object.values(FuseV1Options)
    .filter((fuse): fuse is FuseV1Options => typeof fuse === "number")
    .filter((fuse) => wire[fuse] === FuseState.ENABLE)
    .map((fuse) => FuseV1Options[fuse]);
  expect(enabled).toEqual([
    "EnableCookieEncryption",
    "EnableEmbeddedAsarIntegrityValidation",
    "OnlyLoadAppFromAsar",
    "WasmTrapHandlers",
  ]);
});

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { safeStorageKeychain } from "../../../src-main/electron/keychain.ts";

let folder = "";
let file = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "keychain-"));
  file = path.join(folder, "keychain.json");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("gives secrets back after a restart and keeps none readable on disk", async () => {
  const storage = keyring();
  await safeStorageKeychain(file, storage).set("server-1", "correct horse");
  const kept = await safeStorageKeychain(file, storage).get("server-1");
  const isReadable = /correct horse|Y29ycmVjdCBob3JzZQ/.test(readFileSync(file, "utf8"));
  expect([kept, isReadable, statSync(file).mode & 0o777]).toEqual(["correct horse", false, 0o600]);
});

test("loses no secret when several are set at the same time", async () => {
  const keychain = safeStorageKeychain(file, keyring());
  const names = ["a", "b", "c", "d"];
  await Promise.all(names.map((name) => keychain.set(name, `secret of ${name}`)));
  expect(await Promise.all(names.map((name) => keychain.get(name)))).toEqual(names.map((name) => `secret of ${name}`));
});

test("forgets a deleted secret", async () => {
  const keychain = safeStorageKeychain(file, keyring());
  await keychain.set("a", "secret");
  await keychain.delete("a");
  expect(await keychain.get("a")).toBeNull();
});

test("has no secret when the keyring's key has changed", async () => {
  await safeStorageKeychain(file, keyring()).set("a", "secret");
  expect(await safeStorageKeychain(file, keyring()).get("a")).toBeNull();
});

test("does not count encryption with a well-known key as a keychain", () => {
  const storage = { ...keyring(), getSelectedStorageBackend: () => "basic_text" as const };
  expect(safeStorageKeychain(file, storage).available()).toBe(false);
});

/** What safeStorage does with a keyring: real encryption with a key of its own. */
function keyring() {
  const key = randomBytes(32);
  return {
    isEncryptionAvailable: () => true,
    getSelectedStorageBackend: () => "gnome_libsecret" as const,
    encryptString(text: string) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", key, nonce);
      return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    },
    decryptString(sealed: Buffer) {
      const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, 12));
      decipher.setAuthTag(sealed.subarray(-16));
      return Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).toString();
    },
  };
}

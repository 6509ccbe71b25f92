import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeEach, expect, it } from "vitest";
import { createAppKeys } from "../../../src-main/servers/app-keys.ts";
import type { Keychain } from "../../../src-main/servers/keychain.ts";

const address = { host: "2001:db8::1", port: 2222, user: "root" };
let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), "ai-infra-app-keys-"));
  return () => rmSync(home, { recursive: true });
});

it("keeps a key in a file that only this user reads, one for each login", async () => {
  await createAppKeys(home, undefined).of(address).keep("the key");
  const [file = ""] = readdirSync(path.join(home, "keys"));
  expect(statSync(path.join(home, "keys", file)).mode & 0o777).toBe(0o600);
  const keys = createAppKeys(home, undefined);
  expect([await keys.of(address).read(), await keys.of({ ...address, user: "ann" }).read()]).toEqual(["the key", null]);
});

it("keeps it in the keychain where there is one, and in no file", async () => {
  const entries = new Map<string, string>();
  const keychain: Keychain = {
    available: () => true,
    get: async (name) => entries.get(name) ?? null,
    set: async (name, secret) => void entries.set(name, secret),
    delete: async (name) => void entries.delete(name),
  };
  await createAppKeys(home, keychain).of(address).keep("the key");
  expect([[...entries.values()], readdirSync(home)]).toEqual([["the key"], []]);
  expect(await createAppKeys(home, keychain).of(address).read()).toBe("the key");
});

it("goes on with a server to its new address, and never in the place of a key that is there", async () => {
  const keys = createAppKeys(home, undefined);
  const [next, other] = [
    { ...address, host: "next" },
    { ...address, host: "other" },
  ];
  await keys.of(address).keep("the key");
  await keys.of(other).keep("another");
  await keys.move(address, next);
  await keys.move(address, other);
  expect([await keys.of(next).read(), await keys.of(other).read()]).toEqual(["the key", "another"]);
});

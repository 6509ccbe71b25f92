import { expect, it } from "vitest";
import { isSameSearch } from "../../contract/web-search.ts";
import { keepsSearchKey, withModel, withWebSearch } from "../../provisioning/files/daemon-config.ts";
import { loadable } from "../../provisioning/files/loadable.ts";
import { searchKeyDropIn } from "../../provisioning/files/units.ts";
import { storeCredential } from "../../provisioning/commands/credentials.ts";
import { freshDebian } from "./server-stand-in.ts";
import { SEARCH_KEY } from "../../provisioning/layout.ts";

const BRAVE = { provider: "brave", url: "https://api.search.brave.com" } as const;
const OTHER = { ...BRAVE, url: "https://elsewhere.example" } as const;

const config = {
  mode: "server",
  version: "1",
  model: "simulated",
  runDir: "/r",
  stateDir: "/s",
  logDir: "/l",
  workspace: "/w",
  node: "/n",
  bundle: "/b",
  postgres: { socketDir: "/p", port: 5432, user: "u", database: "d" },
  redis: { kind: "unix", path: "/redis" },
} as const;
const facts = (extra: object = {}) => ({ daemonConfig: JSON.stringify({ ...config, ...extra }) });
const read = (file: { text: string } | null): Record<string, unknown> => JSON.parse(file?.text ?? "null");

it("hands the key over on standard input, and names only where it lies", () => {
  const command = storeCredential(SEARCH_KEY, "canary-key-123");
  const { input, ...rest } = command as unknown as { input?: unknown };
  expect(JSON.stringify(input)).toContain("canary-key-123");
  expect(JSON.stringify(rest)).not.toContain("canary-key-123");
  expect(loadable(freshDebian, searchKeyDropIn).text).toContain("\nLoadCredentialEncrypted=search-key:");
  expect(loadable({ canEncrypt: false }, searchKeyDropIn).text).toContain("\nLoadCredential=search-key:");
});

it("sets and takes back who searches, and leaves the rest of the configuration", () => {
  const set = withWebSearch(facts(), BRAVE);
  expect(read(set)).toMatchObject({ webSearch: BRAVE, model: "simulated" });
  expect(read(withModel({ daemonConfig: set?.text ?? "" }, "anthropic"))).toMatchObject({ webSearch: BRAVE });
  expect(read(withWebSearch({ daemonConfig: set?.text ?? "" }, null))).not.toHaveProperty("webSearch");
  expect(withWebSearch({ daemonConfig: "" }, BRAVE)).toBe(null);
});

it("keeps a key only for the same provider at the same address", () => {
  const before = facts({ webSearch: BRAVE });
  expect(keepsSearchKey(before, BRAVE)).toBe(true);
  for (const other of [OTHER, { ...BRAVE, provider: "searxng" } as const, null])
    expect(keepsSearchKey(before, other)).toBe(false);
  expect(keepsSearchKey(facts(), BRAVE)).toBe(false);
  expect(isSameSearch(undefined, null)).toBe(true);
});

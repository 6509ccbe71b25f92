import { expect, test } from "vitest";
import type { Facts } from "../../provisioning/facts.ts";
import { nginxFiles } from "../../provisioning/files/nginx.ts";
import { makePlan } from "../../provisioning/plan.ts";
import type { Web } from "../../provisioning/web.ts";
import { freshDebian, wanted } from "./server-stand-in.ts";

const stepOf = (id: string, changes: Partial<Facts>) =>
  makePlan("s", { ...freshDebian, ...changes }, wanted).steps.find((step) => step.id === id);
const present: Web = {
  ...freshDebian.web,
  version: "1.22.1",
  packaged: true,
  readsSites: true,
  valid: true,
  running: true,
};
const textOf = (web: Web, end: string) => nginxFiles(web).find(({ path }) => path.endsWith(end))?.text ?? "";

test("the default server refuses TLS handshakes where nginx can, and listens on IPv6 where there is one", () => {
  const refusing = ["1.19.4", "1.22.1", "1.24.0", "2.0.0"].map((version) => textOf({ ...present, version }, "default"));
  const older = ["1.18.0", "1.19.3"].map((version) => textOf({ ...present, version }, "default"));
  expect(refusing.filter((text) => !text.includes("ssl_reject_handshake on;"))).toEqual([]);
  expect(older.filter((text) => text.includes("ssl"))).toEqual([]);
  expect(older.filter((text) => !text.includes("return 444;"))).toEqual([]);
  expect(textOf({ ...present, ipv6: false }, "default")).not.toContain("[::]");
});

test("the example of the distribution gives way to the default server, and the plan says so", () => {
  expect(stepOf("web-server", { web: { ...present, exampleSite: true } })?.changes.slice(-2)).toEqual([
    "Switch off the distribution's example site",
    "Give no answer to who asks for no known name",
  ]);
});

test("where sites are, no default server is added and none of their files is named", () => {
  const foreign = ["/etc/nginx/snippets/ssl-params.conf"];
  const step = stepOf("web-server", { web: { ...present, sites: ["shop"], foreign, ownCompression: true } });
  expect(step?.changes).toEqual([
    "Write /etc/nginx/snippets/security-headers.conf",
    "Write /etc/nginx/snippets/proxy-params.conf",
    "Write /etc/nginx/conf.d/rate-limiting.conf",
    "Write /etc/nginx/snippets/rate-limit.conf",
  ]);
  expect(step?.note).toBe(
    "Sites here go on as they are, and say who answers to unknown names: shop. " +
      "Written by somebody else and left alone: /etc/nginx/snippets/ssl-params.conf. " +
      "Compression is set up here already and stays.",
  );
});

test("our default server stays when sites have come since", () => {
  expect(textOf({ ...present, sites: ["shop"], defaultEnabled: true }, "default")).toContain("return 444;");
});

const swap = (memoryMb: number, changes: Partial<Facts["preflight"]> = {}) => {
  const { changes: lines, note } =
    stepOf("swap", { memoryMb, preflight: { ...freshDebian.preflight, ...changes } }) ?? {};
  return { lines, note };
};

test("a server under 4 GB without swap gets a swap file, and no other", () => {
  const line = "Make and use /swapfile.ai-infrastructure (2 GB)";
  expect(swap(1938)).toEqual({ lines: [line], note: undefined });
  expect([swap(3911), swap(1938, { swapMb: 512 })]).toEqual([
    { lines: [], note: undefined },
    { lines: [], note: undefined },
  ]);
});

test("where a swap file cannot be, the plan says why and goes on without", () => {
  expect(swap(1938, { container: true })).toEqual({
    lines: [],
    note: "This server is a container: only its host can give it swap.",
  });
  expect(swap(1938, { rootFilesystem: "btrfs" })).toEqual({
    lines: [],
    note: "A swap file cannot be on btrfs: the server goes on without.",
  });
});

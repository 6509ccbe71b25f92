import { expect, test } from "vitest";
import { describeConnection, howToConnect } from "../../../src-main/installer/how-to-connect.ts";

const hostKeys = [
  { algorithm: "ed25519", fingerprint: "SHA256:first" },
  { algorithm: "rsa", fingerprint: "SHA256:second" },
];
const commandFor = (addresses: string[], port: number, name?: string) =>
  howToConnect({ addresses, port, hostKeys }, "ann", name).command;

test("the command names address, user, name and the host key that the app asks for", () => {
  expect(commandFor(["203.0.113.7", "10.0.0.2"], 22, "hetzner-1")).toBe(
    "ai-infra provision ann@203.0.113.7 --name hetzner-1 --accept-host-key SHA256:first",
  );
});

test("another port is named, in brackets after an IPv6 address, and a name with blanks is quoted", () => {
  expect(commandFor(["2001:db8::7"], 2222, "it's mine")).toBe(
    `ai-infra provision ann@[2001:db8::7]:2222 --name 'it'\\''s mine' --accept-host-key SHA256:first`,
  );
});

test("all addresses and fingerprints are told", () => {
  const told = describeConnection(
    howToConnect({ addresses: ["203.0.113.7", "2001:db8::7"], port: 22, hostKeys }, "root", undefined),
  );
  for (const word of [
    "203.0.113.7, 2001:db8::7",
    "SHA256:first (ed25519)",
    "SHA256:second (rsa)",
    "root@203.0.113.7",
  ]) {
    expect(told).toContain(word);
  }
});

import { expect, it } from "vitest";
import { callerOf, parsePeer } from "../../../server-agent/broker/caller.ts";

const PASSWD = `root:x:0:0:root:/root:/bin/bash
ai-infra:x:990:990::/var/lib/ai-infrastructure:/bin/bash
ai-infra-agent:x:991:991::/x:/bin/bash
ai-code:x:992:992::/x:/bin/bash
ai-qa:x:993:993::/x:/bin/bash
twin:x:993:993::/x:/bin/bash
ann:x:1000:1000::/home/ann:/bin/bash
`;

it("reads the caller from the name that systemd gave the service", () => {
  expect(parsePeer("0-118-4711")).toEqual({ pid: 118, uid: 4711 });
  expect(parsePeer("12-9876543-118-4711")).toEqual({ pid: 118, uid: 4711 });
  expect(parsePeer("12-9876543-118_4294967296-4711")).toEqual({ pid: 118, uid: 4711 });
});

it.each(["", "0-unknown", "0-1", "0-1-", "a-1-2", "0-1-2-3-4", "0-118-4711\n", "0--1-0", "0-1-0x0", "0-1-2;3"])(
  "knows nobody by the name %j",
  (instance) => expect(parsePeer(instance)).toBeNull(),
);

it("knows agents by their users, with their levels", () => {
  expect(callerOf(991, PASSWD)).toEqual({ kind: "agent", agent: "infra", level: 2 });
  expect(callerOf(992, PASSWD)).toEqual({ kind: "agent", agent: "code", level: 1 });
});

it("knows the daemon and root, who speak for a person, and nobody else", () => {
  expect([990, 0].map((uid) => callerOf(uid, PASSWD).kind)).toEqual(["operator", "operator"]);
  expect([1000, 4242, 99].map((uid) => callerOf(uid, PASSWD).kind)).toEqual(["stranger", "stranger", "stranger"]);
});

it("takes an id that two users share for nobody's", () => expect(callerOf(993, PASSWD).kind).toBe("stranger"));

import { expect, it } from "vitest";
import { identify, parsePeer, withLevel } from "../../../server-agent/broker/caller.ts";

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

it("knows agents by their users, with the levels that are set", async () => {
  const levels = { supervisor: 3, code: 2, data: 1, infra: 0, research: 1, qa: 1 } as const;
  const callerOf = async (uid: number) =>
    await withLevel(identify(uid, PASSWD), async () => await Promise.resolve(levels));
  expect(await callerOf(991)).toEqual({ kind: "agent", agent: "infra", level: 0 });
  expect(await callerOf(992)).toEqual({ kind: "agent", agent: "code", level: 2 });
});

it("lets no agent do anything while the levels cannot be known, and the daemon go on", async () => {
  const unknown = async () => await Promise.reject(new Error("agents.yaml, line 2: agents.code.level"));
  await expect(withLevel(identify(991, PASSWD), unknown)).rejects.toMatchObject({
    code: "broker.refused",
    message: expect.stringContaining("agents.yaml, line 2"),
  });
  expect(await withLevel(identify(990, PASSWD), unknown)).toEqual({ kind: "operator" });
});

it("knows the daemon and root, who speak for a person, and nobody else", () => {
  expect([990, 0].map((uid) => identify(uid, PASSWD).kind)).toEqual(["operator", "operator"]);
  expect([1000, 4242, 99].map((uid) => identify(uid, PASSWD).kind)).toEqual(["stranger", "stranger", "stranger"]);
});

it("takes an id that two users share for nobody's", () => expect(identify(993, PASSWD).kind).toBe("stranger"));

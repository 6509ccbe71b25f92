import { expect, test } from "vitest";
import { createProvisioner } from "../../../src-main/provision/provisioner.ts";
import { standInShell, wanted } from "../../provisioning/server-stand-in.ts";

function provisionerOf(
  whenOnline: () => Promise<{ shell: ReturnType<typeof standInShell> }>,
  now: () => Date = () => new Date(0),
) {
  return createProvisioner({
    whenOnline,
    setSudoPassword: () => undefined,
    setProvisioned: async () => undefined,
    reconnect: () => undefined,
    release: async () => wanted.release,
    now,
  });
}

test("applying twice is one run; taking back and going to another address meanwhile are refused", async () => {
  let connected = 0;
  const gate = Promise.withResolvers<void>();
  const provisioner = provisionerOf(async () => {
    connected += 1;
    await gate.promise;
    return { shell: standInShell() };
  });
  await provisioner.apply({ serverId: "s", wishes: {} });
  await provisioner.apply({ serverId: "s", wishes: {} });
  await expect(provisioner.remove({ serverId: "s" })).rejects.toMatchObject({ code: "provision.busy" });
  expect(() => provisioner.leave("s")).toThrow("being changed already");
  await new Promise((resolve) => setImmediate(resolve));
  expect(connected).toBe(1);
  gate.resolve();
});

test("a failed run can be started again as soon as its end is told", async () => {
  const provisioner = provisionerOf(async () => ({ shell: standInShell() }));
  for (const _ of [1, 2]) {
    await provisioner.apply({ serverId: "s", wishes: {} });
    const types: string[] = [];
    for await (const event of provisioner.follow({ serverId: "s", after: 0 })) types.push(event.type);
    expect([types[0], types.at(-1)]).toEqual(["planned", "ended"]);
  }
});

test("a run right after its plan does not read the whole server again; a later or a second one does", async () => {
  let now = 0;
  let readings = 0;
  const shell = standInShell(({ asRoot, argv }) => {
    if (!asRoot && argv.some((word) => word.includes("p end yes"))) readings += 1;
    return undefined;
  });
  const provisioner = provisionerOf(
    async () => ({ shell }),
    () => new Date(now),
  );
  const readingsOf = async (work: () => Promise<unknown>) => {
    const before = readings;
    await work();
    return readings - before;
  };
  const plan = () => provisioner.plan({ serverId: "s", wishes: {} });
  const run = async () => {
    await provisioner.apply({ serverId: "s", wishes: {} });
    for await (const { type } of provisioner.follow({ serverId: "s", after: 0 })) if (type === "ended") return;
  };
  expect(await readingsOf(plan)).toBe(1);
  expect(await readingsOf(run)).toBe(0);
  expect(await readingsOf(run)).toBe(1);
  await plan();
  now = 60_000;
  expect(await readingsOf(run)).toBe(1);
});

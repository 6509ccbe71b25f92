import { existsSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSnapshotTeam, type SnapshotTeam } from "./team-with-workspace.ts";

let team: SnapshotTeam;
beforeAll(async () => {
  team = await createSnapshotTeam();
});
afterAll(async () => await team?.remove());

/** Everything that is to be the same again: names, kinds, modes, times, links and contents. */
const LOOK = `cd shop && find . -printf '%P %y %m %T@ %l\\n' | sort && find . -type f -exec sha256sum {} + | sort`;

function makeShop(): string {
  team.sh(`rm -rf shop && mkdir -p shop/src shop/locked && cd shop
    head -c 300000 /dev/urandom > photo.bin; printf 'one\\ntwo\\n' > src/a.txt; ln src/a.txt src/same.txt
    ln -s ../photo.bin src/link; ln -s /nowhere/at/all broken; printf '#!/bin/sh\\n' > run.sh; chmod 751 run.sh
    printf 'x' > 'odd name '$'\\n''here'; chmod 640 photo.bin; touch -d '2001-02-03 04:05:06.789' src/a.txt
    printf 'y' > locked/file; chmod 555 locked; chmod 2750 src`);
  return team.sh(LOOK);
}

test("a folder that was deleted with a person's yes is back, byte for byte, after a restore", async () => {
  const before = makeShop();
  const task = await team.allow("run `rm -rf shop`");
  expect(task.state).toBe("done");
  expect(existsSync(path.join(team.workspace, "shop"))).toBe(false);
  const snapshot = await team.snapshot();
  expect(snapshot).toMatchObject({
    kind: "files",
    state: "kept",
    agent: "code",
    taskId: task.id,
    action: "rm -rf shop",
    targets: [path.join(team.workspace, "shop")],
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const restored = await team.restore(snapshot.id);
  expect(restored).toMatchObject({ state: "kept", restoredBy: expect.any(String), error: null });
  expect(team.sh(LOOK)).toBe(before);
  expect(team.sh("ls -A")).toBe("shop\n");
});

test("what is there is kept before a restore, and can be put back in turn", async () => {
  makeShop();
  await team.allow("run `rm -rf shop`");
  const first = await team.snapshot();
  team.sh("mkdir shop && echo later > shop/later.txt");
  await team.restore(first.id);
  expect(existsSync(path.join(team.workspace, "shop/later.txt"))).toBe(false);
  const second = await team.snapshot();
  expect(second).toMatchObject({ beforeRestoreOf: first.id, state: "kept", callId: null });
  await team.restore(second.id);
  expect(team.sh("cat shop/later.txt; ls shop")).toBe("later\nlater.txt\n");
});

test("what was taken, restored and by whom stands in the audit trail", async () => {
  const { records } = await (await team.app()).audit.list({ kind: "snapshot_restored" });
  const ends = records.map(({ detail }) => JSON.parse(detail) as Record<string, unknown>);
  expect(ends).toContainEqual(expect.objectContaining({ state: "done", by: expect.any(String) }));
  const taken = (await (await team.app()).audit.list({ kind: "snapshot_taken" })).records;
  expect(taken.length).toBeGreaterThan(2);
});

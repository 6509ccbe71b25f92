import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT_SOCKET } from "../../../contract/broker-desk.ts";
import { until } from "../../support/start-program.ts";
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
    chmod 555 locked; chmod 2750 src`);
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

test("work in git that was never committed is back after a restore, with the branch that was deleted", async () => {
  team.sh(`git init -q -b main lab && cd lab && git config user.email a@b.c && git config user.name A
    echo one > f && echo '*.log' > .gitignore && git add . && git commit -qm one && git branch side
    echo two > f && echo staged > s && git add s && echo new > untracked && echo kept > a.log && git stash push -qm later -- f
    echo three > f`);
  const look = `cd lab && git status --porcelain && git log --all --oneline && git stash list && git diff --cached && cat f untracked a.log`;
  const before = team.sh(look);
  const reset = await team.allow("run `git -C lab reset --hard`");
  expect(team.sh("cat lab/f")).toBe("one\n");
  await team.restore((await team.snapshot()).id);
  expect(team.sh(look)).toBe(before);
  const asked = (await (await team.app()).approvals.list({})).find(({ taskId }) => taskId === reset.id);
  expect(asked?.destructive).toMatchObject({ kind: "git", within: [path.join(team.workspace, "lab")] });
  await team.allow("run `cd lab && git branch -D side && git clean -fdx`");
  const cleaned = await team.snapshot();
  expect(cleaned).toMatchObject({ kind: "git", targets: [path.join(team.workspace, "lab")] });
  expect(existsSync(path.join(team.workspace, "lab/a.log"))).toBe(false);
  await team.restore(cleaned.id);
  expect(team.sh(look)).toBe(before);
});

test("a forced push keeps the repository that it is sent to", async () => {
  team.sh(`git init -q --bare -b main hub.git && git clone -q hub.git work && cd work && git config user.email a@b.c
    git config user.name A && echo 1 > f && git add f && git commit -qm first && git push -q origin HEAD:main
    git commit -q --amend -m other`);
  const before = team.sh("git -C hub.git log --format=%s main");
  await team.allow("run `git -C work push --force origin HEAD:main`");
  expect(team.sh("git -C hub.git log --format=%s main")).toBe("other\n");
  const snapshot = await team.snapshot();
  expect(snapshot.targets).toEqual([path.join(team.workspace, "hub.git")]);
  await team.restore(snapshot.id);
  expect(team.sh("git -C hub.git log --format=%s main")).toBe(before);
});

test("what cannot be read is not destroyed, and the agent is told why", async () => {
  team.sh("mkdir -p dark && echo secret > dark/file && chmod 000 dark/file");
  const task = await team.allow("run `rm -rf dark`");
  expect(task.result).toContain("no snapshot can be taken before it");
  expect(task.result).toContain("Permission denied");
  expect(team.sh("ls dark")).toBe("file\n");
  const [call] = (await (await team.app()).tasks.show({ id: task.id })).calls;
  expect(call).toMatchObject({ state: "failed", output: expect.stringContaining("Permission denied") });
});

test("nothing is destroyed when the disk has no room for its copy", async () => {
  team.sh("mkdir -p full && echo x > full/file");
  const copies = path.join(team.daemon.config.stateDir, "snapshots");
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", copies]);
  try {
    const task = await team.allow("run `rm -rf full`");
    expect(task.result).toContain("has only");
    expect(existsSync(path.join(team.workspace, "full/file"))).toBe(true);
  } finally {
    execFileSync("umount", [copies]);
  }
  expect((await team.allow("run `rm -rf full`")).state).toBe("done");
  expect(existsSync(path.join(team.workspace, "full"))).toBe(false);
});

test("nobody is asked about what is known only when it runs: it is refused", async () => {
  const task = await team.whenEnded(await team.send("run `rm -rf $(cat which)`", "code"));
  expect(task.result).toContain("known only when it runs");
  expect(await (await team.app()).approvals.list({ state: "open" })).toEqual([]);
});

test("an agent cannot reach the copies: not as files, not over the socket", async () => {
  makeShop();
  await team.allow("run `rm -rf shop`");
  const { id } = await team.snapshot();
  const { stateDir, runDir } = team.daemon.config;
  const copy = path.join(stateDir, "snapshots", `${id}.copy`);
  const bytes = readFileSync(copy);
  writeFileSync(
    path.join(team.workspace, "attack.sh"),
    `rm -rf ${stateDir}/snapshots; echo broken > ${copy}; cat ${copy}
     curl --unix-socket ${runDir}/agents/code/daemon.sock -X PUT --data x http://d/v1/snapshots/${id}
     find / -name '*.copy' -delete; find / -name 'daemon.sock'; echo attempted`,
  );
  const attack = await team.whenEnded(await team.send("run `sh attack.sh`", "code"));
  expect(attack.result).toContain("attempted");
  expect(readFileSync(copy).equals(bytes)).toBe(true);
  const over = await fetchOverSocket(path.join(runDir, "agents/code/daemon.sock"), `/v1/snapshots/${id}`);
  expect(over).toBe(409);
  expect(statSync(path.dirname(copy)).mode & 0o777).toBe(0o700);
  expect((await team.restore(id)).error).toBeNull();
});

test("a copy that somebody changed on the disk is not restored, and what is there stays", async () => {
  team.sh("mkdir -p once && echo was > once/file");
  await team.allow("run `rm -rf once`");
  team.sh("mkdir once && echo is > once/file");
  const { id } = await team.snapshot();
  const copy = path.join(team.daemon.config.stateDir, "snapshots", `${id}.copy`);
  const whole = readFileSync(copy);
  writeFileSync(copy, Buffer.concat([whole.subarray(0, -1), Buffer.from([whole.at(-1) === 0 ? 1 : 0])]));
  await expect(team.restore(id)).rejects.toMatchObject({ data: { code: "snapshot.not_restorable" } });
  expect(team.sh("cat once/file")).toBe("is\n");
  writeFileSync(copy, whole);
  await team.restore(id);
  expect(team.sh("cat once/file")).toBe("was\n");
});

test("a restore goes on after the daemon was killed in the middle of it", async () => {
  team.sh("mkdir -p large && head -c 150000000 /dev/urandom > large/file && echo end > large/small");
  const before = team.sh("sha256sum large/*");
  await team.allow("run `rm -rf large`");
  const { id } = await team.snapshot();
  team.sh("mkdir large && echo now > large/file");
  const cut = team.restore(id).catch((error: unknown) => error);
  await until("files are coming back", () => existsSync(path.join(team.workspace, `.ai-infra-restore-${id}`)), 60_000);
  expect(team.sh("cat large/file")).toBe("now\n");
  await team.daemon.kill("SIGKILL");
  await cut;
  await team.daemon.start();
  const ended = await until(
    "the restore has ended",
    async () => {
      const found = await (await team.app()).snapshots.show({ id });
      return found.state === "kept" && found;
    },
    60_000,
  );
  expect(ended).toMatchObject({ error: null, restoredAt: expect.any(String) });
  expect(team.sh("sha256sum large/*")).toBe(before);
  expect(team.sh("ls -A | grep restore; true")).toBe("");
});

test("what a broker says it kept is listed, and cannot be restored where there is no broker", async () => {
  const id = "20261128T101500-abcdef12";
  const detail = { snapshot: id, before: "stop nginx.service" };
  const record = { ask: "record", kind: "snapshot_taken", agent: "infra", taskId: null, detail };
  const desk = connect(path.join(team.daemon.config.runDir, ROOT_SOCKET));
  desk.end(JSON.stringify(record));
  expect(JSON.parse(await text(desk))).toEqual({ answer: "recorded" });
  expect(await team.snapshot()).toMatchObject({ id, kind: "root", agent: "infra", action: "stop nginx.service" });
  await expect(team.restore(id)).rejects.toMatchObject({ data: { code: "broker.unreachable" } });
  expect(await team.snapshot()).toMatchObject({ id, state: "kept", error: { code: "broker.unreachable" } });
});

async function fetchOverSocket(socketPath: string, target: string): Promise<number | undefined> {
  return await new Promise((resolve, reject) => {
    request({ socketPath, path: target }, (answer) => resolve(answer.resume().statusCode))
      .on("error", reject)
      .end();
  });
}

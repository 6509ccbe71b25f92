import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { bundleLocalTeam } from "../../../scripts/bundle-local-team.mjs";
import type { Places } from "../../../src-main/local/places.ts";
import { layMemoryModel } from "../../support/memory-model-stand-in.ts";
import { ORDINARY_USER, runAsOrdinaryUser } from "../../support/ordinary-user.ts";
import { pidOf, processesOf, sql, uidOf } from "./local-team.ts";

let folder: string;
let home: string;
/** Where the ordinary user sees it. */
let repository: string;

beforeEach(async () => {
  folder = mkdtempSync("/tmp/ai-other-");
  await bundleLocalTeam(path.join(folder, "local-team.mjs"));
  layMemoryModel(path.join(folder, "memory-model"));
  home = path.join(folder, "home");
  repository = path.join(folder, "repository");
  for (const each of [home, repository]) mkdirSync(each);
  chownSync(home, ORDINARY_USER, ORDINARY_USER);
  spawnSync("chmod", ["755", folder]);
});

afterEach(() => {
  rmSync(run("stop").places.run, { recursive: true, force: true });
  // Empty for everybody else: fails rather than deletes, should the repository ever be seen there.
  rmdirSync(repository);
  rmSync(folder, { recursive: true, force: true });
});

/** What this computer's team says to an ordinary user, where `hiding` hides programs. */
function run(action: "start" | "stop", hiding?: string): Record<string, unknown> & { readonly places: Places } {
  const script = path.join(import.meta.dirname, "run-local.ts");
  const argv = [process.execPath, script, home, folder, action];
  const { stdout, stderr } = runAsOrdinaryUser(repository, argv, hiding);
  if (stdout === "") throw new Error(stderr);
  return JSON.parse(stdout);
}

const noPostgres = "mount -t tmpfs none /usr/lib/postgresql";

describe.skipIf(process.getuid?.() !== 0)("on other computers", () => {
  test("an ordinary user has the whole team, in the own home and as oneself", () => {
    const { state, places } = run("start");

    expect({ state, root: places.root }).toEqual({ state: "running", root: path.join(home, "local") });
    expect(new Set(processesOf({ places }).map(uidOf))).toEqual(new Set([ORDINARY_USER]));
    expect(run("stop")).toMatchObject({ state: "stopped" });
    expect(processesOf({ places })).toEqual([]);
  });

  test("a home with a long path has its sockets elsewhere", () => {
    home = path.join(home, "a-folder-with-a-very-long-name/".repeat(4));
    const { state, places } = run("start");
    expect({ state, isShort: places.run.startsWith("/tmp/") }).toEqual({ state: "running", isShort: true });
    expect(sql({ places }, "select 1")).toBe("1");
  });

  test("a computer without PostgreSQL uses the one that came with the app", () => {
    const { state, places } = run("start", noPostgres);
    expect(state).toBe("running");
    expect(Number(sql({ places }, "show server_version_num"))).toBeGreaterThanOrEqual(180_000);
    expect(uidOf(pidOf({ places }, "postgres"))).toBe(ORDINARY_USER);
  });

  test("a database of a PostgreSQL that is no longer there is left alone, with a clear answer", () => {
    const data = path.join(home, "local/postgres/data");
    run("start");
    run("stop");
    writeFileSync(path.join(data, "PG_VERSION"), "16\n");

    const answer = run("start");

    expect(answer).toMatchObject({ code: "local.start_failed", hint: expect.stringContaining("postgresql-16") });
    expect(existsSync(path.join(data, "base"))).toBe(true);
  });

  test("missing programs are named with the one command that installs them", () => {
    const hide = (name: string) => `mount --bind /dev/null $(readlink -f /usr/bin/${name})`;
    const answer = run("start", `${hide("redis-server")}; ${hide("bwrap")}`);
    expect(answer).toEqual({
      code: "local.program_missing",
      message: "redis-server, bwrap are not installed on this computer",
      hint: "sudo apt-get install -y redis-server bubblewrap",
    });
  });
});

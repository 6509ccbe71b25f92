import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Approval } from "../../../contract/approvals.ts";
import type { AgentName } from "../../../contract/agents.ts";
import type { DaemonConfig } from "../../../contract/daemon-config.ts";
import type { Snapshot } from "../../../contract/snapshots.ts";
import type { Task } from "../../../contract/tasks.ts";
import { until } from "../../support/start-program.ts";
import { createTeam, type TestTeam } from "../team/team-on-daemon.ts";

/** A real team whose workspace is a folder of its own, as everywhere but in other tests. */
export interface SnapshotTeam extends TestTeam {
  /** Runs a shell line in the workspace, as the test. */
  sh(line: string): string;
  /** Asks an agent, allows what it asks a person, and gives the task's end. */
  allow(request: string, agent?: AgentName): Promise<Task>;
  openQuestion(): Promise<Approval>;
  answer(approval: Approval): Promise<void>;
  /** The newest. */
  snapshot(): Promise<Snapshot>;
  snapshots(): Promise<Snapshot[]>;
  restore(id: string): Promise<Snapshot>;
}

export async function createSnapshotTeam(
  settings: Partial<DaemonConfig> = {},
  postgresBin?: string,
): Promise<SnapshotTeam> {
  const workspace = mkdtempSync(path.join(tmpdir(), "workspace-"));
  const team = await createTeam({ workspace, ...settings }, postgresBin);
  const openQuestion = async (): Promise<Approval> =>
    await until(
      "somebody is asked",
      async () => (await (await team.app()).approvals.list({ state: "open" }))[0] ?? null,
    );
  const answer = async ({ id, hash }: Approval): Promise<void> => {
    await (await team.app()).approvals.answer({ id, hash, allow: true });
  };
  const snapshots = async (): Promise<Snapshot[]> => await (await team.app()).snapshots.list({});
  return {
    ...team,
    sh: (line) => execFileSync("bash", ["-c", line], { cwd: workspace, encoding: "utf8" }),
    async allow(request, agent = "code") {
      const taskId = await team.send(request, agent);
      await answer(await openQuestion());
      return await team.whenEnded(taskId);
    },
    openQuestion,
    answer,
    snapshots,
    async snapshot() {
      const [newest] = await snapshots();
      if (!newest) throw new Error("There is no snapshot");
      return newest;
    },
    restore: async (id) => await (await team.app()).snapshots.restore({ id }),
    async remove() {
      await team.remove();
      rmSync(workspace, { recursive: true, force: true });
    },
  };
}

import { AppError } from "../../../contract/errors.ts";
import type { Server } from "../../../contract/servers.ts";
import { sizeText } from "../../../contract/size-text.ts";
import type { Snapshot } from "../../../contract/snapshots.ts";
import { confirm } from "../confirm.ts";
import { OK, type Context, type Outcome } from "../context.ts";
import { soon, withDaemon } from "../daemon.ts";
import type { Screen } from "../screen.ts";

const USAGE = "snapshots [list | show ID | restore ID [--yes]]";

/** What was kept before actions that destroy, and putting it back. */
export async function snapshots(context: Context, server: Server): Promise<Outcome> {
  const { screen, signal, words } = context;
  const [verb = "list", id] = words;
  return withDaemon(context, server.id, async (api) => {
    if (verb === "list") {
      const list = await api.snapshots.list({}, soon(signal));
      for (const snapshot of list) screen.print(line(snapshot));
      if (list.length === 0) screen.print("No snapshots yet: one is taken before each action that destroys something.");
      return { result: { ok: true, snapshots: list }, exitCode: OK };
    }
    if (!id || (verb !== "show" && verb !== "restore")) throw new AppError("app.bad_input", USAGE);
    const snapshot = await api.snapshots.show({ id }, soon(signal));
    print(screen, snapshot);
    if (verb === "show") return { result: { ok: true, snapshot }, exitCode: OK };
    await confirm(context, "Replace what is there now with this?");
    const restored = await api.snapshots.restore({ id }, { signal });
    screen.print(`Restored ${restored.targets.join(", ")}. What was there before is kept in a snapshot of its own.`);
    return { result: { ok: true, snapshot: restored }, exitCode: OK };
  });
}

function line({ id, state, createdAt, agent, bytes, kind, action }: Snapshot): string {
  const [first = ""] = action.split("\n", 1);
  const size = kind === "root" ? "" : sizeText(bytes);
  return [id, createdAt, (agent ?? "").padEnd(10), state.padEnd(9), size.padStart(9), first.slice(0, 100)].join("  ");
}

function print(screen: Screen, snapshot: Snapshot): void {
  const { id, kind, state, agent, taskId, createdAt, bytes, sha256, targets, action } = snapshot;
  screen.print(`${id}: ${kind}, ${state}, ${sizeText(bytes)}`);
  screen.print(`  taken    ${createdAt} before ${agent ?? "somebody"} did: ${action}`);
  for (const target of targets) screen.print(`  holds    ${target}`);
  if (taskId) screen.print(`  task     ${taskId}`);
  if (sha256) screen.print(`  sha256   ${sha256}`);
  if (snapshot.restoredAt) screen.print(`  restored ${snapshot.restoredAt} by ${snapshot.restoredBy ?? "somebody"}`);
  if (snapshot.error) screen.print(`  last restore failed: ${snapshot.error.message}`);
}

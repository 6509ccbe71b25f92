import type { Destructive } from "../../../contract/approvals.ts";
import { ask, type Finding } from "../parts.ts";
import { placesOf, type Call } from "./call.ts";
import { shown, type Word } from "./words.ts";

/** What git would throw away, with the repository it is in. */
export function lost(reason: string, call: Call, words: readonly Word[] = call.args): Finding {
  const targets = words.filter(({ text }) => !text?.startsWith("-")).map(shown);
  return ask(reason, { kind: "git", targets: targets.length > 0 ? targets : ["HEAD"], ...within(call) });
}

export function worktreeLost(call: Call, worktrees: readonly Word[]): Finding {
  const finding = lost("deletes a worktree with its changes", call);
  const places = worktrees.flatMap((word) => placesOf(word, call.state));
  if (!finding.destructive?.within) return finding;
  return { ...finding, destructive: { ...finding.destructive, within: [...finding.destructive.within, ...places] } };
}

/** Absent when one of them is known only when it runs. */
function within({ state }: Call): Pick<Destructive, "within"> {
  const folders = state.folders.filter((folder) => folder !== null);
  if (folders.length === 0 || folders.length < state.folders.length) return {};
  return { within: [...folders, ...state.doubtful] };
}

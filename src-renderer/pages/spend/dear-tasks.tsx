import { useState } from "react";
import type { TaskSpend } from "../../../contract/spend.ts";
import { go } from "../../app/navigation.ts";
import { Avatar } from "../../team/avatar.tsx";
import { dollars } from "../../team/spend.ts";
import { Button } from "../../ui/button.tsx";
import { tokenCount } from "./sums.ts";

const SHOWN = 10;

/** The tasks of these days, the dearest first. */
export function DearTasks({ tasks }: { readonly tasks: readonly TaskSpend[] }) {
  const [all, setAll] = useState(false);
  const sorted = tasks.toSorted((a, b) => b.usd - a.usd);
  const shown = all ? sorted : sorted.slice(0, SHOWN);
  return (
    <div className="flex flex-col items-start gap-2">
      <ul className="card w-full divide-y divide-line overflow-hidden">
        {shown.map((task) => (
          <li key={task.taskId}>
            <button
              type="button"
              onClick={() => go("tasks", task.taskId)}
              className="flex min-h-9 w-full items-center gap-2.5 px-3 text-left outline-offset-[-2px] hover:bg-raised"
            >
              <Avatar agent={task.agent} />
              <span className="min-w-0 flex-1 truncate">{task.request}</span>
              <span className="text-small whitespace-nowrap text-faint tabular-nums">
                {tokenCount(task.tokens).toLocaleString("en-US")} tokens
              </span>
              <span className="w-24 text-right tabular-nums">{costWords(task)}</span>
            </button>
          </li>
        ))}
      </ul>
      {!all && sorted.length > SHOWN && (
        <Button size="small" look="quiet" onClick={() => setAll(true)}>
          Show all {sorted.length}
        </Button>
      )}
    </div>
  );
}

function costWords({ usd, requests, unpriced }: TaskSpend): string {
  if (unpriced === requests) return "unknown";
  return unpriced > 0 ? `${dollars(usd)} + ?` : dollars(usd);
}

import { Hourglass } from "lucide-react";
import type { Rest } from "../../contract/tasks.ts";
import { ERROR_TABLE } from "../errors/error-table.ts";
import { Button } from "../ui/button.tsx";
import { exactTime } from "../ui/time.tsx";

/** Why a task rests, when it goes on, and where a person can change that. */
export function RestCard({ rest, onOpenSpend }: { readonly rest: Rest; readonly onOpenSpend: () => void }) {
  const needsYou = rest.reason.code !== "model.usage_limited";
  return (
    <div className={`flex gap-3 px-4 py-3 ${needsYou ? "bg-wait-soft" : ""}`}>
      <Hourglass className={`icon mt-0.5 ${needsYou ? "text-wait" : "text-dim"}`} aria-hidden />
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p className="font-strong">{ERROR_TABLE[rest.reason.code].title}</p>
        <p className="wrap-anywhere">{rest.reason.message}</p>
        <p className="text-dim">{restWords(rest)}</p>
      </div>
      <Button size="small" className="self-start" onClick={onOpenSpend}>
        {needsYou ? "Change the budget" : "Open spend"}
      </Button>
    </div>
  );
}

export function restWords({ until }: Rest): string {
  return until === null
    ? "The work rests and goes on by itself as soon as that has changed."
    : `The work rests and goes on by itself at ${exactTime(until)}.`;
}

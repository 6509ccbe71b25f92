import { ChevronRight } from "lucide-react";
import { memo } from "react";
import type { ToolCall } from "../../contract/tasks.ts";
import { Output } from "../ui/folded.tsx";
import { StateMark, type Mark } from "../ui/state-mark.tsx";
import { Duration } from "../ui/time.tsx";

const MARKS: Record<ToolCall["state"], Mark> = { running: "working", done: "ok", failed: "failed", unknown: "stopped" };
const WORDS: Record<ToolCall["state"], string> = {
  running: "running",
  done: "done",
  failed: "failed",
  unknown: "outcome unknown",
};

/** What an agent did with its tools, one line each; the output opens below its line. */
export const Calls = memo(function Calls({ calls }: { readonly calls: readonly ToolCall[] }) {
  return (
    <ul className="flex flex-col py-1">
      {calls.map((call) => (
        <li key={call.id}>
          <CallLine call={call} />
        </li>
      ))}
    </ul>
  );
});

function CallLine({ call }: { readonly call: ToolCall }) {
  return (
    <details className="group/call">
      <summary className="flex min-h-7 list-none items-center gap-2.5 px-3 hover:bg-raised">
        <StateMark mark={MARKS[call.state]} label={WORDS[call.state]} />
        <span className="shrink-0 text-small text-dim">{call.tool.replaceAll("_", " ")}</span>
        <span className="min-w-0 flex-1 truncate font-mono text-small">{call.summary}</span>
        {call.state === "unknown" && <span className="text-small text-dim">outcome unknown</span>}
        {call.state === "failed" && <span className="text-small text-bad">failed</span>}
        <span className="text-small text-faint">
          <Duration from={call.startedAt} to={call.endedAt} />
        </span>
        <ChevronRight
          className="icon size-3.5 text-faint transition-transform duration-150 group-open/call:rotate-90"
          aria-hidden
        />
      </summary>
      <div className="px-3 pt-1 pb-2.5">
        <Output
          text={call.output || (call.state === "running" ? "No output yet." : "No output.")}
          label={`Output of ${call.tool} ${call.summary}`}
        />
      </div>
    </details>
  );
}

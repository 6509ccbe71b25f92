import { ArrowDown } from "lucide-react";
import { memo, useMemo } from "react";
import { useShallow } from "zustand/react/shallow";
import { go } from "../../app/navigation.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { tellFailure } from "../../errors/tell-failure.ts";
import { discardMessage, retryMessage } from "../../team/outbox.ts";
import { cancelTask } from "../../team/actions.ts";
import { RestCard } from "../../team/rest-card.tsx";
import type { Team } from "../../team/state.ts";
import { useTeam } from "../../team/store.ts";
import { Button } from "../../ui/button.tsx";
import { ApprovalCard } from "./approval-card.tsx";
import { Calls } from "../../team/calls.tsx";
import { MessageView, PendingView } from "./message.tsx";
import { TaskCard } from "./task-card.tsx";
import { timeline, withDrafts, type Entry, type Records } from "./timeline.ts";
import { useThreadScroll } from "./use-thread-scroll.ts";

/** The conversation. Only its newest part is in the page; scrolling up brings more, from memory and then from the server. */
export function Thread({ serverId }: { readonly serverId: string }) {
  const records = useTeam(useShallow(recordsOf));
  const drafts = useTeam((team) => team.drafts);
  const lastPending = useTeam((team) => team.pending.at(-1)?.id ?? "");
  const online = useTeam((team) => team.live === "live");
  const settled = useMemo(() => timeline(records), [records]);
  const entries = useMemo(() => withDrafts(settled, drafts), [settled, drafts]);
  const newest = `${entries.at(-1)?.key ?? ""}/${lastPending}`;
  const {
    viewRef,
    contentRef,
    onScroll,
    toEnd,
    unseen,
    shown: shownCount,
  } = useThreadScroll({ serverId, count: entries.length, newest });
  const shown = entries.slice(-shownCount);

  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={viewRef}
        onScroll={onScroll}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- A region that scrolls must be reachable by keyboard.
        tabIndex={0}
        role="log"
        aria-label="Conversation"
        className="relative h-full overflow-y-auto overflow-x-hidden [scrollbar-gutter:stable_both-edges] outline-offset-[-2px]"
      >
        <div ref={contentRef} className="mx-auto flex max-w-[760px] flex-col gap-5 px-6 py-5.5 max-phone:px-4">
          {shown.length === entries.length && !records.hasMore && <Beginning />}
          {shown.map((entry) => (
            <EntryView key={entry.key} serverId={serverId} entry={entry} online={online} />
          ))}
          <PendingMessages serverId={serverId} online={online} />
        </div>
      </div>
      {unseen && (
        <Button
          size="small"
          className="floats-in absolute bottom-2 left-1/2 -translate-x-1/2 rounded-full shadow-float"
          onClick={toEnd}
        >
          <ArrowDown className="icon size-3.5" aria-hidden />
          New messages
        </Button>
      )}
    </div>
  );
}

function recordsOf({ messages, tasks, calls, approvals, runs, hasMore }: Team): Records {
  return { messages, tasks, calls, approvals, runs, hasMore };
}

/** What the person wrote and the server has not confirmed yet. */
function PendingMessages({ serverId, online }: Pick<EntryViewProps, "serverId" | "online">) {
  const pending = useTeam((team) => team.pending);
  return pending.map((message) => (
    <div key={message.id} className={`flex flex-col ${OVERLAP.person}`}>
      <PendingView
        pending={message}
        online={online}
        onRetry={() => retryMessage(serverId, message.id)}
        onDiscard={() => discardMessage(serverId, message.id)}
      />
    </div>
  ));
}

function Beginning() {
  return <p className="text-center text-small text-faint">The conversation begins here.</p>;
}

/** What stands below a person's words is mostly unseen, and takes the room between two messages. */
const OVERLAP = { person: "-mb-3", agent: "", thought: "", notice: "" };

interface EntryViewProps {
  readonly serverId: string;
  readonly entry: Entry;
  readonly online: boolean;
}

const EntryView = memo(function EntryView({ serverId, entry, online }: EntryViewProps) {
  switch (entry.kind) {
    case "message":
      return (
        <div className={`far-cheap flex flex-col ${entry.follows ? "-mt-3" : ""} ${OVERLAP[entry.message.role]}`}>
          <MessageView message={entry.message} follows={entry.follows} writing={entry.writing} />
        </div>
      );
    case "calls":
      return (
        <section aria-label="Tool calls" className="card -mt-2.5 overflow-hidden">
          <Calls calls={entry.calls} />
        </section>
      );
    case "task":
      return (
        <TaskCard
          serverId={serverId}
          task={entry.task}
          calls={entry.calls}
          onCancel={() => tellFailure(cancelTask(serverId, entry.task.id))}
        />
      );
    case "rest":
      return (
        entry.task.rest && (
          <section aria-label="The work rests" className="card overflow-hidden">
            <RestCard rest={entry.task.rest} onOpenSpend={() => go("spend")} />
          </section>
        )
      );
    case "failure":
      return entry.task.state === "failed" && entry.task.error && <ErrorCard error={entry.task.error} />;
    case "approval":
      return <ApprovalCard serverId={serverId} approval={entry.approval} online={online} />;
  }
}, sameEntry);

/** Entries are made anew with every event; what they show decides whether they are drawn again. */
function sameEntry(before: EntryViewProps, after: EntryViewProps): boolean {
  const [a, b] = [before.entry, after.entry];
  if (before.online !== after.online || a.kind !== b.kind) return false;
  if (a.kind === "message" && b.kind === "message") {
    return a.message === b.message && a.follows === b.follows && a.writing === b.writing;
  }
  if (a.kind === "approval" && b.kind === "approval") return a.approval === b.approval;
  if (a.kind === "failure" && b.kind === "failure") return a.task === b.task;
  if (a.kind === "rest" && b.kind === "rest") return a.task === b.task;
  if (a.kind === "task" && b.kind === "task") return a.task === b.task && sameCalls(a.calls, b.calls);
  return a.kind === "calls" && b.kind === "calls" && sameCalls(a.calls, b.calls);
}

function sameCalls(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((call, index) => call === b[index]);
}

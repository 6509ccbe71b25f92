import { ArrowUp } from "lucide-react";
import { useRef, useState, type KeyboardEvent } from "react";
import { useShallow } from "zustand/react/shallow";
import { toast } from "sonner";
import { AgentName } from "../../../contract/agents.ts";
import type { WorkMode } from "../../../contract/algorithm.ts";
import { pageError } from "../../errors/page-error.ts";
import { cancelTask } from "../../team/actions.ts";
import { setDraftText, useDraftText } from "../../team/drafts.ts";
import { sendMessage } from "../../team/outbox.ts";
import { AGENT_LABELS, isActive } from "../../team/situation.ts";
import { useTeam } from "../../team/store.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { StopIcon } from "../../ui/stop-icon.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Duration } from "../../ui/time.tsx";
import { AgentMentions } from "./agent-mentions.tsx";
import { ModeMenu } from "./mode-menu.tsx";
import { mentionAt, splitMention } from "./mention.ts";

/** Where the person writes. What is written survives a reload. */
export function Composer({ serverId }: { readonly serverId: string }) {
  const draft = useDraft(serverId);
  const area = useRef<HTMLTextAreaElement>(null);
  const { agent } = splitMention(draft.text);
  const work = useWork(serverId);

  function pick(name: AgentName): void {
    draft.pick(name);
    area.current?.focus();
  }
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    if (event.nativeEvent.isComposing) return;
    const chosen = draft.offered[draft.choice];
    if (chosen && handleMentionKey(event, draft.offered.length, { move: draft.move, pick: () => pick(chosen) })) return;
    if (event.key === "Escape") return draft.offered.length > 0 ? draft.moveCursor(-1) : work.stop();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    draft.send();
  }

  return (
    <div className="mx-auto w-full max-w-[760px] px-6 pb-4.5 max-phone:px-2 max-phone:pb-2">
      <div className="moves relative rounded-box border border-line2 bg-raised px-3 pt-2.5 pb-2 shadow-float focus-within:border-accent">
        {draft.offered.length > 0 && <AgentMentions names={draft.offered} chosen={draft.choice} onPick={pick} />}
        <textarea
          id="composer"
          ref={area}
          rows={1}
          value={draft.text}
          aria-label="Message the team"
          placeholder="Message the team, or @ an agent"
          onChange={(event) => draft.change(event.target.value, event.target.selectionStart)}
          onSelect={(event) => draft.moveCursor(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          className="field-sizing-content block max-h-80 w-full resize-none bg-transparent px-1 pb-2 outline-none placeholder:text-faint"
        />
        <div className="flex min-h-8 items-center gap-2">
          <WorkingLine {...work} />
          {(agent ?? "supervisor") === "supervisor" && <ModeMenu mode={draft.mode} onChoose={draft.choose} />}
          <span className="text-small text-faint max-phone:hidden">To {AGENT_LABELS[agent ?? "supervisor"]}</span>
          <Button look="primary" onClick={draft.send} disabled={draft.text.trim() === ""}>
            <ArrowUp className="icon" aria-hidden />
            Send
          </Button>
        </div>
      </div>
    </div>
  );
}

function useDraft(serverId: string) {
  const text = useDraftText(serverId);
  const [cursor, moveCursor] = useState(0);
  const [choice, move] = useState(0);
  const [mode, choose] = useState<WorkMode>("auto");

  const mention = mentionAt(text, cursor);
  const offered = mention === null ? [] : AgentName.options.filter((name) => name.startsWith(mention));

  function change(next: string, at: number): void {
    setDraftText(serverId, next);
    moveCursor(at);
    move(0);
  }
  function pick(name: AgentName): void {
    change(`@${name} ${text.slice(cursor).trimStart()}`, name.length + 2);
  }
  function send(): void {
    const message = splitMention(text);
    if (message.text === "") return;
    const isLed = (message.agent ?? "supervisor") === "supervisor";
    sendMessage(serverId, { ...message, mode: isLed ? mode : "auto" });
    change("", 0);
    choose("auto");
  }
  return { text, mode, choose, offered, choice, move, moveCursor, change, pick, send };
}

interface MentionKeys {
  readonly move: (step: (before: number) => number) => void;
  readonly pick: () => void;
}

function handleMentionKey(event: KeyboardEvent, count: number, { move, pick }: MentionKeys): boolean {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step !== 0) move((before) => (before + step + count) % count);
  else if ((event.key === "Enter" && !event.ctrlKey && !event.shiftKey) || event.key === "Tab") pick();
  else return false;
  event.preventDefault();
  return true;
}

/** The work under way on the person's requests, and how to stop it. */
function useWork(serverId: string) {
  const root = useTeam(
    useShallow((team) => Object.values(team.tasks).find((task) => isActive(task.state) && task.parentId === null)),
  );
  const [stoppingId, setStoppingId] = useState<string | null>(null);
  const stopping = root !== undefined && root.id === stoppingId;
  function stop(): void {
    if (!root || stopping) return;
    setStoppingId(root.id);
    cancelTask(serverId, root.id).catch((error: unknown) => {
      setStoppingId(null);
      toast.error(pageError(error).message);
    });
  }
  return { root, stopping, stop };
}

/** Who is at work, and a way to stop it. Always as tall as the button beside it. */
function WorkingLine({ root, stopping, stop }: ReturnType<typeof useWork>) {
  const busy = useTeam(
    useShallow((team) => team.agents.filter((agent) => agent.state === "working").map((agent) => agent.name)),
  );
  if (!root) return <span className="flex-1" />;
  const names = (busy.length > 0 ? busy : [root.agent]).map((name) => AGENT_LABELS[name]);
  return (
    <div role="status" className="fades-in flex min-w-0 flex-1 items-center gap-2 pl-1 text-small text-dim">
      <StateMark mark="working" />
      <span className="truncate">
        {stopping ? "Stopping" : `${names.join(" and ")} working`} ·{" "}
        <Duration from={root.startedAt ?? root.createdAt} to={null} />
      </span>
      {!stopping && <IconButton icon={StopIcon} label="Stop this work" keys="Esc" onClick={stop} />}
    </div>
  );
}

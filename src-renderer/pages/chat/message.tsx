import { memo, type ReactNode } from "react";
import type { AgentName } from "../../../contract/agents.ts";
import type { Message } from "../../../contract/chat.ts";
import { tasksBefore } from "../../../contract/tasks.ts";
import { messageDeeds } from "../../app/deeds.ts";
import { tellFailure } from "../../errors/tell-failure.ts";
import { useServer } from "../../servers/store.ts";
import { cancelTask } from "../../team/actions.ts";
import { Avatar } from "../../team/avatar.tsx";
import { AGENT_LABELS } from "../../team/situation.ts";
import type { Pending } from "../../team/state.ts";
import { useTeam } from "../../team/store.ts";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { LazyMarkdown } from "../../ui/lazy-markdown.tsx";
import { ContextMenu } from "../../ui/menu.tsx";
import { Thought } from "./thought.tsx";
import { Clock } from "../../ui/time.tsx";

interface MessageViewProps {
  readonly message: Message;
  /** Said by the same agent in the same breath as what stands above. */
  readonly follows: boolean;
  /** Still being written. It stays in its place, and itself, when it is finished. */
  readonly writing: boolean;
}

export const MessageView = memo(function MessageView({ message, follows, writing }: MessageViewProps) {
  if (message.role === "person") return <PersonMessage text={message.text} foot={<Foot message={message} />} />;
  if (message.role === "notice" || message.agent === null) return <Notice message={message} />;
  const { agent } = message;
  return (
    <article aria-label={`${AGENT_LABELS[agent]} says`} aria-busy={writing} className="group flex flex-col">
      {!follows && (
        <Speaker
          agent={agent}
          simulated={message.simulated}
          side={writing ? writingWord(message) : <Clock at={message.at} />}
        />
      )}
      {message.role === "thought" ? (
        <Thought message={message} thinking={writing} />
      ) : (
        <Words message={message} writing={writing} />
      )}
    </article>
  );
});

/** When it was said, or why nothing has come of it yet. */
function Foot({ message: { at, taskId } }: Pick<MessageViewProps, "message">) {
  const task = useTeam((team) => (taskId === null ? undefined : team.tasks[taskId]));
  const isBehind = useTeam(
    (team) => task?.state === "queued" && tasksBefore(task, Object.values(team.tasks)).length > 0,
  );
  const server = useServer()?.server;
  if (task?.state === "cancelled" && task.startedAt === null) return <span data-always>Taken back</span>;
  if (!task || !server || !isBehind) return <Clock at={at} />;
  return (
    <span data-always className="flex items-center gap-2">
      Queued: {AGENT_LABELS[task.agent]} is at another task
      <Button size="small" look="quiet" className="-my-1.5" onClick={() => tellFailure(cancelTask(server.id, task.id))}>
        Take back
      </Button>
    </span>
  );
}

function writingWord({ role }: Message): string {
  return role === "thought" ? "thinking" : "writing";
}

function Words({ message, writing }: Omit<MessageViewProps, "follows">) {
  return (
    <ContextMenu deeds={() => messageDeeds(message.text)}>
      <div className="relative">
        <LazyMarkdown text={message.text} streaming={writing} />
        <span className="moves absolute -top-8 right-0 opacity-0 group-hover:opacity-100 focus-within:opacity-100">
          <CopyButton text={message.text} label="Copy the message" />
        </span>
      </div>
    </ContextMenu>
  );
}

interface SpeakerProps {
  readonly agent: AgentName;
  readonly simulated: boolean;
  readonly side: ReactNode;
}

function Speaker({ agent, simulated, side }: SpeakerProps) {
  return (
    <header className="mb-1 flex h-6 items-center gap-2">
      <Avatar agent={agent} />
      <span className="font-heavy">{AGENT_LABELS[agent]}</span>
      <span className="text-small text-faint">
        {side}
        {simulated && " · simulated"}
      </span>
    </header>
  );
}

function PersonMessage({ text, foot }: { readonly text: string; readonly foot: ReactNode }) {
  return (
    <article aria-label="You said" className="group flex max-w-[78%] flex-col items-end gap-0.5 self-end">
      <ContextMenu deeds={() => messageDeeds(text)}>
        <div className="rounded-[14px_14px_4px_14px] border border-line bg-raised px-3.5 py-2 whitespace-pre-wrap wrap-anywhere">
          {text}
        </div>
      </ContextMenu>
      <div className="moves h-4 text-tiny text-faint opacity-0 group-hover:opacity-100 has-data-[always]:opacity-100">
        {foot}
      </div>
    </article>
  );
}

function Notice({ message }: { readonly message: Message }) {
  return (
    <div className="flex items-center gap-3 text-small text-faint">
      <span className="h-px flex-1 bg-line" />
      <span className="max-w-[80%] text-center">
        {message.text} <Clock at={message.at} />
      </span>
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}

interface PendingViewProps {
  readonly pending: Pending;
  readonly online: boolean;
  readonly onRetry: () => void;
  readonly onDiscard: () => void;
}

/** A message of the person that the server has not confirmed yet. */
export function PendingView({ pending, online, onRetry, onDiscard }: PendingViewProps) {
  if (pending.state === "failed") {
    const foot = (
      <span data-always className="flex items-center gap-2 text-bad">
        Not sent: {pending.error?.message}
        <Button size="small" look="quiet" onClick={onRetry}>
          Send again
        </Button>
        <Button size="small" look="quiet" onClick={onDiscard}>
          Discard
        </Button>
      </span>
    );
    return <PersonMessage text={pending.text} foot={foot} />;
  }
  const words = !online && pending.state === "queued" ? "Waiting for the connection" : "Sending";
  return (
    <PersonMessage text={pending.text} foot={pending.state === "sent" ? null : <span data-always>{words}</span>} />
  );
}

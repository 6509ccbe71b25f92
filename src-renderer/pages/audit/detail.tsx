import { ListTree, X } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { AuditRecord } from "../../../contract/audit.ts";
import { go } from "../../app/navigation.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { AGENT_LABELS } from "../../team/situation.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { CopyButton } from "../../ui/copy-button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { exactTime } from "../../ui/time.tsx";
import { changeFilter, loadRecord } from "./load-trail.ts";
import { kindLabel, readableDetail } from "./words.ts";

interface RecordDetailProps {
  readonly serverId: string;
  readonly seq: number;
  /** Nothing else can be used meanwhile. */
  readonly alone: boolean;
  readonly onClose: () => void;
}

type Loaded = Awaited<ReturnType<typeof loadRecord>>;

/** One record whole: what is known of it, and what seals it. */
export function RecordDetail({ serverId, seq, alone, onClose }: RecordDetailProps) {
  const [loaded, setLoaded] = useState<Loaded | undefined>(undefined);
  const { error, run } = useCall();
  const load = () => run(async () => setLoaded(await loadRecord(serverId, seq)));
  useEffect(() => {
    void load();
    // A record never changes, so it is asked for once.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [serverId, seq]);
  useEscape(onClose);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (alone) heading.current?.focus();
  }, [alone]);
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <header className="flex h-11 shrink-0 items-center gap-2 border-b border-line pr-2 pl-5 max-phone:pl-4">
        <h2 ref={heading} tabIndex={-1} className="min-w-0 flex-1 truncate text-base outline-none">
          Record {seq}
          {loaded && <span className="font-normal text-dim"> · {kindLabel(loaded.record.kind)}</span>}
        </h2>
        <IconButton icon={X} label="Close the record" keys="Esc" onClick={onClose} />
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4 max-phone:px-4">
        {error && <ErrorCard error={error} actions={{ retry: () => void load() }} />}
        {loaded === undefined && !error && <Skeleton label="Reading the record" lines={6} />}
        {loaded === null && (
          <Empty icon={ListTree} title={`There is no record ${seq}`} about="The trail does not go that far." />
        )}
        {loaded && <Whole serverId={serverId} {...loaded} />}
      </div>
    </div>
  );
}

/** Esc, unless something else took it or it is typed into a field. */
function useEscape(onEscape: () => void): void {
  const latest = useRef(onEscape);
  useEffect(() => {
    latest.current = onEscape;
  });
  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest("input, select, textarea, .xterm");
      if (event.key === "Escape" && !event.defaultPrevented && !typing) latest.current();
    };
    window.addEventListener("keydown", close);
    return () => window.removeEventListener("keydown", close);
  }, []);
}

interface WholeProps {
  readonly serverId: string;
  readonly record: AuditRecord;
  readonly previousHash: string | null;
}

function Whole({ serverId, record, previousHash }: WholeProps) {
  const { at, agent, taskId, detail, hash } = record;
  const { text, language } = readableDetail(detail);
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <Fact name="Time">
          <time dateTime={at}>{exactTime(at)}</time>
        </Fact>
        <Fact name="Agent">{agent ? AGENT_LABELS[agent] : "–"}</Fact>
        <Fact name="Task">{taskId ? <TaskFact serverId={serverId} taskId={taskId} /> : "–"}</Fact>
        <Fact name="Hash">
          <Hash hash={hash} label="Copy the hash" />
        </Fact>
        <Fact name="Before it">
          {previousHash ? <Hash hash={previousHash} label="Copy the hash of the record before" /> : "no record"}
        </Fact>
      </dl>
      <CodeBlock code={text} language={language} />
    </div>
  );
}

function TaskFact({ serverId, taskId }: { readonly serverId: string; readonly taskId: string }) {
  return (
    <span className="flex flex-wrap items-center gap-2">
      <span className="font-mono text-small wrap-anywhere">{taskId}</span>
      <Button size="small" onClick={() => go("tasks", taskId)}>
        Open
      </Button>
      <Button size="small" onClick={() => void changeFilter(serverId, { taskId })}>
        Only this task
      </Button>
    </span>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-dim">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}

function Hash({ hash, label }: { readonly hash: string; readonly label: string }) {
  return (
    <span className="flex items-start gap-1">
      <span className="min-w-0 font-mono text-small leading-5 break-all text-dim">{hash}</span>
      <span className="-my-1">
        <CopyButton text={hash} label={label} />
      </span>
    </span>
  );
}

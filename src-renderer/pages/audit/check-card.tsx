import { ShieldAlert, ShieldCheck, X } from "lucide-react";
import type { ReactNode } from "react";
import type { AuditFault, AuditVerdict } from "../../../contract/audit-check.ts";
import { faultWords, verdictWords } from "../../../contract/audit-words.ts";
import { go } from "../../app/navigation.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Folded } from "../../ui/folded.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { Ago, exactTime } from "../../ui/time.tsx";
import { endCheck, startCheck } from "./check-trail.ts";
import { useCheck } from "./store.ts";

/** How a check of the whole trail goes, and what it came to. */
export function CheckCard({ serverId }: { readonly serverId: string }) {
  const check = useCheck(serverId);
  if (check.state === "none") return null;
  return (
    <div className="px-6 pb-3 max-phone:px-4">
      {check.state === "running" && <Running serverId={serverId} {...check} />}
      {check.state === "ended" && <Ended serverId={serverId} verdict={check.verdict} at={check.at} />}
      {check.state === "failed" && (
        <ErrorCard error={check.error} actions={{ retry: () => void startCheck(serverId) }} />
      )}
    </div>
  );
}

interface RunningProps {
  readonly serverId: string;
  readonly checked: number;
  readonly total: number | null;
}

function Running({ serverId, checked, total }: RunningProps) {
  const words =
    total === null ? "Asking for the trail" : `Record ${checked.toLocaleString()} of ${total.toLocaleString()}`;
  return (
    <div role="status" className="card flex items-center gap-3 px-4 py-2.5">
      <span className="text-small text-dim tabular-nums">{words}</span>
      <ProgressBar label="Records verified" done={total ? checked / total : 0} />
      <Button size="small" onClick={() => endCheck(serverId)}>
        Stop verifying
      </Button>
    </div>
  );
}

interface EndedProps {
  readonly serverId: string;
  readonly verdict: AuditVerdict;
  readonly at: number;
}

function Ended({ serverId, verdict, at }: EndedProps) {
  const { title, about } = verdictWords(verdict, exactTime);
  const intact = verdict.state === "intact";
  return (
    <Result intact={intact} title={title} at={at} onClose={() => endCheck(serverId)}>
      {verdict.state === "broken" && <Faults faults={verdict.faults} more={verdict.moreFaults} />}
      <p className="text-dim">{about}</p>
    </Result>
  );
}

interface ResultProps {
  readonly intact: boolean;
  readonly title: string;
  readonly at: number;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function Result({ intact, title, at, onClose, children }: ResultProps) {
  const Icon = intact ? ShieldCheck : ShieldAlert;
  const look = intact ? "" : "border-[color-mix(in_oklab,var(--bad)_45%,var(--line))] bg-bad-soft";
  return (
    <section
      role={intact ? "status" : "alert"}
      aria-label="Result of verifying"
      className={`card flex gap-3 px-4 py-3 ${look}`}
    >
      <Icon className={`icon mt-0.5 ${intact ? "text-ok" : "text-bad"}`} aria-hidden />
      <div className="flex min-w-0 flex-1 flex-col gap-1.5">
        <h2 className="text-base">{title}</h2>
        {children}
        <p className="text-small text-faint">
          Verified <Ago at={new Date(at).toISOString()} />
        </p>
      </div>
      <IconButton icon={X} label="Put the result away" className="-mt-1 -mr-2" onClick={onClose} />
    </section>
  );
}

const SHOWN = 3;

function Faults({ faults, more }: { readonly faults: readonly AuditFault[]; readonly more: number }) {
  const [first, rest] = [faults.slice(0, SHOWN), faults.slice(SHOWN)];
  return (
    <>
      <FaultList faults={first} />
      {rest.length > 0 && (
        <Folded summary={`${(rest.length + more).toLocaleString()} more`}>
          <FaultList faults={rest} />
        </Folded>
      )}
    </>
  );
}

function FaultList({ faults }: { readonly faults: readonly AuditFault[] }) {
  return (
    <ul className="flex flex-col gap-1">
      {faults.map((fault, index) => (
        <li key={index} className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="min-w-0 wrap-anywhere">{faultWords(fault, exactTime)}</span>
          {canBeShown(fault) && (
            <Button size="small" look="quiet" onClick={() => go("audit", String(fault.seq))}>
              Open record {fault.seq}
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

function canBeShown({ kind, seq }: AuditFault): boolean {
  return kind !== "missing" && seq > 0;
}

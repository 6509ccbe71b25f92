import type { MemoryStatus, ServiceStatus } from "../../../contract/status.ts";
import { teamMemoryText } from "../../../contract/team-memory-text.ts";
import { useTeam } from "../../team/store.ts";
import { Skeleton } from "../../ui/skeleton.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Ago } from "../../ui/time.tsx";
import { Section } from "../../ui/section.tsx";

const NAMES: Record<ServiceStatus["name"], string> = {
  daemon: "Daemon",
  postgres: "PostgreSQL",
  redis: "Redis",
  tmux: "tmux",
  sandbox: "Sandbox",
};

/** Whether what the team stands on is up. */
export function Health({ online }: { readonly online: boolean }) {
  const status = useTeam((team) => team.status);
  if (!status && !online) return null;
  const side = status && (
    <span className="text-small text-faint">
      Version {status.version} · started <Ago at={status.startedAt} />
    </span>
  );
  return (
    <Section title="Health" side={side}>
      {status ? (
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(165px,1fr))] gap-2">
          {status.services.map(({ name, state, detail }) => (
            <Part key={name} name={NAMES[name]} state={state} detail={detail.replace(/ \(.*\)$/, "")} />
          ))}
          {status.memory && <MemoryPart memory={status.memory} />}
        </ul>
      ) : (
        <Skeleton label="Asking the server" lines={2} />
      )}
    </Section>
  );
}

interface PartProps {
  readonly name: string;
  readonly state: ServiceStatus["state"];
  readonly detail: string;
}

function Part({ name, state, detail }: PartProps) {
  return (
    <li className="card flex items-start gap-2.5 px-3 py-2">
      <span className="pt-1.25">
        <StateMark mark={state === "up" ? "ok" : "failed"} label={state} />
      </span>
      <span className="min-w-0">
        <span className="font-strong">{name}</span>
        <span className={`block text-small wrap-anywhere ${state === "up" ? "text-faint" : "text-bad"}`}>{detail}</span>
      </span>
    </li>
  );
}

/** The team works without what failed here: it finds by less. */
function MemoryPart({ memory }: { readonly memory: MemoryStatus }) {
  const text = teamMemoryText(memory);
  return <Part name="Memory" state={memory.problem ? "down" : "up"} detail={memory.problem ?? text} />;
}

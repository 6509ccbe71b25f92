import type { ServiceStatus } from "../../../contract/status.ts";
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
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(190px,1fr))] gap-2">
          {status.services.map((service) => (
            <li key={service.name} className="card flex items-start gap-2.5 px-3 py-2">
              <span className="pt-1.25">
                <StateMark mark={service.state === "up" ? "ok" : "failed"} label={service.state} />
              </span>
              <span className="min-w-0">
                <span className="font-strong">{NAMES[service.name]}</span>
                <span
                  className={`block text-small wrap-anywhere ${service.state === "up" ? "text-faint" : "text-bad"}`}
                >
                  {service.detail.replace(/ \(.*\)$/, "")}
                </span>
              </span>
            </li>
          ))}
        </ul>
      ) : (
        <Skeleton label="Asking the server" lines={2} />
      )}
    </Section>
  );
}

import { CircleCheck } from "lucide-react";
import { useEffect } from "react";
import type { Plan, ServerFacts } from "../../../contract/provision.ts";
import type { Server } from "../../../contract/servers.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { Button } from "../../ui/button.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { followRun, readPlan, startRun } from "./actions.ts";
import { NO_RUN, type Run } from "./run.ts";
import { RunView } from "./run-view.tsx";
import { Section } from "../../ui/section.tsx";
import { StepList } from "./step-list.tsx";
import { useProvisioning } from "./store.ts";
import { SudoPassword } from "./sudo-password.tsx";

interface ProvisionSectionProps {
  readonly server: Server;
  readonly online: boolean;
}

/** The plan for a server, and the run that makes it true. */
export function ProvisionSection({ server, online }: ProvisionSectionProps) {
  const { plan, run } = useProvisioning(server.id);
  useEffect(() => {
    void followRun(server.id);
  }, [server.id]);
  useEffect(() => {
    if (online) void readPlan(server.id);
  }, [server.id, online]);

  if (run.seq > 0) return <RunSection server={server} run={run} online={online} />;
  return (
    <Section title="Provisioning" side={plan.state === "ready" && <Facts facts={plan.plan.facts} />}>
      {plan.state === "ready" && <PlanView server={server} plan={plan.plan} online={online} />}
      {plan.state === "failed" && <ErrorCard error={plan.error} actions={{ retry: () => void readPlan(server.id) }} />}
      {plan.state === "reading" && <Skeleton label={`Reading ${server.name}`} lines={5} />}
      {plan.state === "none" && <p className="text-dim">The plan is read when the server is connected.</p>}
    </Section>
  );
}

function RunSection({ server, run, online }: ProvisionSectionProps & { readonly run: Run }) {
  const { plan } = useProvisioning(server.id);
  const facts = run.plan?.facts ?? (plan.state === "ready" ? plan.plan.facts : null);
  return (
    <Section title="Provisioning" side={facts && <Facts facts={facts} />}>
      <RunView server={server} run={run} online={online} />
    </Section>
  );
}

function PlanView({ server, plan, online }: ProvisionSectionProps & { readonly plan: Plan }) {
  const needed = plan.steps.filter((step) => step.state === "needed").length;
  const { error, run, ...start } = useStart(server);
  const asksPassword = plan.blockers.some(({ code }) => code.startsWith("provision.sudo_password_"));
  const button = { ...start, disabled: !online || plan.blockers.length > 0 };
  return (
    <>
      {asksPassword && <SudoPassword serverId={server.id} user={plan.facts.user} />}
      {plan.blockers
        .filter((blocker) => blocker.code !== "provision.sudo_password_needed")
        .map((blocker) => (
          <ErrorCard key={blocker.code} error={blocker} actions={{ retry: () => void readPlan(server.id) }} />
        ))}
      {error && <ErrorCard error={error} actions={{ retry: run }} />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {needed > 0 && (
          <>
            <Button look="primary" {...button} onClick={run}>
              Provision {server.name}
            </Button>
            <p className="text-dim">
              {needed} of {plan.steps.length} steps to do. Open a step to see exactly what it changes.
            </p>
          </>
        )}
        {needed === 0 && server.provisioned === null && (
          <>
            <Button look="primary" {...button} onClick={run}>
              Use the team on {server.name}
            </Button>
            <p className="text-dim">The team is installed already. It is checked once; nothing changes.</p>
          </>
        )}
        {needed === 0 && server.provisioned !== null && (
          <p className="flex items-center gap-2 text-dim">
            <CircleCheck className="icon text-ok" aria-hidden />
            Nothing to change. {server.name} is as it should be.
          </p>
        )}
      </div>
      <StepList plan={plan} run={NO_RUN} />
    </>
  );
}

function useStart(server: Server) {
  const { starting } = useProvisioning(server.id);
  const { busy, error, run } = useCall();
  return { busy: busy || starting, error, run: () => void run(() => startRun(server.id)) };
}

const ROOT_WORDS: Record<ServerFacts["root"], string> = {
  login: "logged in as root",
  sudo: "root through sudo",
  sudo_password: "sudo with a password",
  none: "no way to root",
};

function Facts({ facts }: { readonly facts: ServerFacts }) {
  const gigabytes = (megabytes: number) => `${(megabytes / 1024).toFixed(megabytes < 10_240 ? 1 : 0)} GB`;
  const parts = [
    facts.system,
    facts.architecture,
    `${facts.cores} ${facts.cores === 1 ? "core" : "cores"}`,
    `${gigabytes(facts.memoryMb)} memory`,
    `${gigabytes(facts.freeDiskMb)} free`,
    ROOT_WORDS[facts.root],
  ];
  return <p className="text-small text-faint">{parts.join(" · ")}</p>;
}

import { useState } from "react";
import type { Choices, RebootAt } from "../../../contract/provision.ts";
import type { Server } from "../../../contract/servers.ts";
import { Choice, type Option } from "../../ui/choice.tsx";
import { Field } from "../../ui/field.tsx";
import { Section } from "../../ui/section.tsx";
import { wish } from "./actions.ts";
import { useProvisioning } from "./store.ts";

const DOCKER: readonly Option<"yes" | "no">[] = [
  {
    value: "yes",
    label: "With Docker",
    about: "Agents run containers through the broker, after your yes where it counts.",
  },
  { value: "no", label: "Without Docker", about: "Nothing of it is installed. A Docker that is there already stays." },
];
const RESTART: readonly Option<"never" | "at">[] = [
  {
    value: "never",
    label: "Never restarts by itself",
    about: "Updates of the kernel count from your next restart on.",
  },
  {
    value: "at",
    label: "Restarts at night, when needed",
    about: "After a security update that needs it. The team's work goes on after it.",
  },
];
const USUAL_TIME = "04:00";

/** What a person decides about a server; it is kept there. */
export function ChoicesSection({ server }: { readonly server: Server }) {
  const { plan, wishes } = useProvisioning(server.id);
  if (plan.state !== "ready") return null;
  const choices: Choices = { ...plan.plan.choices, ...wishes };
  return (
    <Section title="Choices" side={<span className="text-small text-faint">They count from the next run on</span>}>
      <Choice
        label="Docker"
        value={choices.docker ? "yes" : "no"}
        options={DOCKER}
        onChange={(value) => void wish(server.id, { docker: value === "yes" })}
      />
      <Restarts at={choices.rebootAt} onChange={(rebootAt) => void wish(server.id, { rebootAt })} />
    </Section>
  );
}

interface RestartsProps {
  readonly at: RebootAt;
  readonly onChange: (at: RebootAt) => void;
}

function Restarts({ at, onChange }: RestartsProps) {
  const [typed, setTyped] = useState(at === "never" ? USUAL_TIME : at);
  const change = (time: string) => {
    setTyped(time);
    if (time !== "") onChange(time);
  };
  return (
    <>
      <Choice
        label="Restart after updates"
        value={at === "never" ? "never" : "at"}
        options={RESTART}
        onChange={(value) => onChange(value === "never" ? "never" : typed || USUAL_TIME)}
      />
      {at !== "never" && (
        <Field
          className="w-40"
          label="By the server's clock"
          type="time"
          value={typed}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </>
  );
}

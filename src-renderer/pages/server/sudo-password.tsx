import { useState, type FormEvent } from "react";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { giveSudoPassword } from "./actions.ts";

interface SudoPasswordProps {
  readonly serverId: string;
  readonly user: string;
}

export function SudoPassword({ serverId, user }: SudoPasswordProps) {
  const [password, setPassword] = useState("");
  const { busy, error, run } = useCall();
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    await run(() => giveSudoPassword(serverId, password));
  }
  return (
    <form
      onSubmit={(event) => void submit(event)}
      className="card flex flex-col gap-3 border-[color-mix(in_oklab,var(--wait)_55%,var(--line))] px-4 py-3"
    >
      <div className="flex items-center gap-2.5">
        <StateMark mark="needs_you" label="Needs you" />
        <h3>The sudo password of {user} is needed</h3>
      </div>
      <p className="text-dim">
        Provisioning changes the system, so it runs as root through sudo. The password stays in memory until the app
        ends.
      </p>
      <div className="flex items-end gap-2">
        <Field
          className="max-w-72 flex-1"
          label="Password"
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" look="primary" busy={busy} disabled={password === ""}>
          Use it
        </Button>
      </div>
      {error && <ErrorCard error={error} />}
    </form>
  );
}

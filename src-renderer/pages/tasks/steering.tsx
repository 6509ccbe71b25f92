import { useState } from "react";
import type { Task } from "../../../contract/tasks.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { steerTask } from "../../team/actions.ts";
import { AGENT_LABELS } from "../../team/situation.ts";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";

/** A word to the agent while it works: it reads it before its next step. */
export function Steering({ serverId, task }: { readonly serverId: string; readonly task: Task }) {
  const [text, setText] = useState("");
  const [told, setTold] = useState(false);
  const { busy, error, run } = useCall();
  const label = AGENT_LABELS[task.agent];
  const tell = () =>
    void run(async () => {
      await steerTask(serverId, task.id, text.trim());
      setText("");
      setTold(true);
    });
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== "") tell();
      }}
    >
      <div className="flex items-end gap-2">
        <Field
          className="flex-1"
          label={`Tell ${label} something while it works`}
          value={text}
          hint={told ? "Told. It is read before the next step." : undefined}
          onChange={(event) => {
            setText(event.target.value);
            setTold(false);
          }}
        />
        <Button type="submit" busy={busy} disabled={text.trim() === ""} className={told ? "mb-5.5" : ""}>
          Tell {label}
        </Button>
      </div>
      {error && <ErrorCard error={error} />}
    </form>
  );
}

import { useState } from "react";
import { Segments } from "../ui/choice.tsx";
import { Field } from "../ui/field.tsx";
import { Folded } from "../ui/folded.tsx";
import { KeyField } from "./key-field.tsx";
import type { LoginDraft } from "./login-draft.ts";

export interface LoginPartProps {
  readonly draft: LoginDraft;
  readonly problems: Record<string, string | undefined>;
  /** Private keys of this computer. */
  readonly keyFiles: readonly string[];
  readonly change: (part: Partial<LoginDraft>) => void;
}

const AUTH_OPTIONS = [
  { value: "same", label: "As the server" },
  { value: "key_file", label: "Key file" },
  { value: "agent", label: "SSH agent" },
  { value: "password", label: "Password" },
] as const;

/** For the few servers that are behind another one; folded away for the others. */
export function JumpFields(parts: LoginPartProps) {
  const { draft, problems, change } = parts;
  const [isOpen, setIsOpen] = useState(false);
  const isUsed = draft.jump.trim() !== "";
  return (
    <Folded summary="Through a jump host" open={isOpen || isUsed} onToggle={setIsOpen}>
      <div className="flex flex-col gap-3">
        <Field
          label="Jump host"
          placeholder="user@bastion.example.com:22"
          value={draft.jump}
          error={problems["jump"]}
          hint="Signed in to first; the server is reached from there. Its user is the server's unless named."
          onChange={(event) => change({ jump: event.target.value })}
        />
        {isUsed && <JumpLogin {...parts} />}
      </div>
    </Folded>
  );
}

function JumpLogin({ draft, problems, keyFiles, change }: LoginPartProps) {
  return (
    <div className="flex flex-col gap-2">
      <span className="text-small font-strong text-dim">Login there</span>
      <Segments
        label="Login there"
        value={draft.jumpAuth}
        options={AUTH_OPTIONS}
        onChange={(jumpAuth) => change({ jumpAuth })}
      />
      {draft.jumpAuth === "key_file" && (
        <KeyField
          label="Private key for the jump host"
          value={draft.jumpKeyPath}
          isWrong={problems["jump.path"] !== undefined}
          files={keyFiles}
          onChange={(jumpKeyPath) => change({ jumpKeyPath })}
        />
      )}
    </div>
  );
}

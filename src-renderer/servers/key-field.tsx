import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { Offered } from "./offered.tsx";

interface KeyFieldProps {
  readonly label: string;
  readonly value: string;
  readonly hint?: string;
  readonly isWrong: boolean;
  /** The keys of this computer. */
  readonly files: readonly string[];
  readonly onChange: (file: string) => void;
}

/** The path of a private key, typed or picked. */
export function KeyField({ label, value, hint, isWrong, files, onChange }: KeyFieldProps) {
  const others = files.filter((file) => file !== value);
  return (
    <>
      <Field
        label={label}
        mono
        value={value}
        error={isWrong ? "Name the key file" : undefined}
        hint={hint}
        onChange={(event) => onChange(event.target.value)}
      />
      {others.length > 0 && (
        <Offered label="Other keys of this computer">
          {others.map((file) => (
            <Button key={file} size="small" onClick={() => onChange(file)}>
              <span className="font-mono font-normal">{file}</span>
            </Button>
          ))}
        </Offered>
      )}
    </>
  );
}

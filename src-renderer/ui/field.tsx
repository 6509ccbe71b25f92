import { useId, type InputHTMLAttributes, type ReactNode } from "react";

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly mono?: boolean;
}

const BOX =
  "moves h-8 w-full min-w-0 rounded-control border border-line2 bg-bg px-2.5 text-text placeholder:text-faint focus-visible:border-accent focus-visible:outline-offset-0 aria-invalid:border-bad";

/** A labelled input; what is wrong with it is said below it. */
export function Field({ label, hint, error, mono = false, className = "", ...rest }: FieldProps) {
  const id = useId();
  return (
    <div className={`flex min-w-0 flex-col gap-1 ${className}`}>
      <label htmlFor={id} className="text-small font-strong text-dim">
        {label}
      </label>
      <input
        id={id}
        className={`${BOX} ${mono ? "font-mono text-[12.5px]" : ""}`}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={error !== undefined}
        {...((error ?? hint) ? { "aria-describedby": `${id}-note` } : {})}
        {...rest}
      />
      {(error ?? hint) && (
        <p id={`${id}-note`} className={`text-small ${error ? "text-bad" : "text-faint"}`}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

import { useId, type TextareaHTMLAttributes } from "react";

interface TextAreaProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  readonly label: string;
  readonly error?: string | undefined;
}

/** A labelled text of many lines; what is wrong with it is said below it. */
export function TextArea({ label, error, ...rest }: TextAreaProps) {
  const id = useId();
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <textarea
        aria-label={label}
        className="moves min-h-80 w-full min-w-0 resize-y rounded-control border border-line2 bg-bg px-3 py-2 font-mono text-[12.5px] leading-5 text-text focus-visible:border-accent focus-visible:outline-offset-0 aria-invalid:border-bad"
        spellCheck={false}
        aria-invalid={error !== undefined}
        {...(error !== undefined && { "aria-describedby": `${id}-note` })}
        {...rest}
      />
      {error !== undefined && (
        <p id={`${id}-note`} className="text-small text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

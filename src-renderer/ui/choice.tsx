import { RadioGroup } from "radix-ui";
import type { ReactNode } from "react";

export interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly about?: ReactNode;
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}

/** One of a few, all visible, with a line about each. */
export function Choice<T extends string>({ label, value, options, onChange, disabled = false }: ChoiceProps<T>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      disabled={disabled}
      onValueChange={(next) => onChange(next as T)}
      className="grid gap-2 phone:auto-cols-fr phone:grid-flow-col"
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className="moves flex items-start gap-2.5 rounded-card border border-line2 bg-raised px-3 py-2.5 text-left hover:border-faint disabled:opacity-60 data-[state=checked]:border-accent data-[state=checked]:bg-accent-soft"
        >
          <span
            aria-hidden
            className="mt-1 grid size-3.5 shrink-0 place-items-center rounded-full border border-faint in-data-[state=checked]:border-accent"
          >
            <RadioGroup.Indicator className="size-1.75 rounded-full bg-accent" />
          </span>
          <span className="flex min-w-0 flex-col">
            <span className="font-strong">{option.label}</span>
            {option.about && <span className="text-small text-dim">{option.about}</span>}
          </span>
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

/** The same for short labels in one line. */
export function Segments<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  return (
    <RadioGroup.Root
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next as T)}
      className="inline-flex w-fit max-w-full flex-wrap gap-0.5 rounded-control border border-line2 bg-bg p-0.5"
    >
      {options.map((option) => (
        <RadioGroup.Item
          key={option.value}
          value={option.value}
          className="moves h-6.5 rounded-[4px] px-2.5 text-small text-dim hover:text-text data-[state=checked]:bg-raised data-[state=checked]:font-strong data-[state=checked]:text-text data-[state=checked]:shadow-[0_0_0_1px_var(--line2)]"
        >
          {option.label}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}

import { ChevronDown } from "lucide-react";

export interface SelectOption<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface SelectProps<T extends string> {
  /** Its name for screen readers; the chosen option says the rest. */
  readonly label: string;
  readonly value: T;
  readonly options: readonly SelectOption<T>[];
  readonly onChange: (value: T) => void;
}

/** One of many, in the system's own list. */
export function Select<T extends string>({ label, value, options, onChange }: SelectProps<T>) {
  return (
    <span className="relative inline-flex min-w-0">
      <select
        aria-label={label}
        value={value}
        onChange={(event) => {
          const chosen = options.find((option) => option.value === event.target.value);
          if (chosen) onChange(chosen.value);
        }}
        className="moves h-8 w-full min-w-0 appearance-none truncate rounded-control border border-line2 bg-bg pr-7 pl-2.5 text-text focus-visible:border-accent focus-visible:outline-offset-0"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} className="bg-raised text-text">
            {option.label}
          </option>
        ))}
      </select>
      <ChevronDown className="icon pointer-events-none absolute top-2 right-2 size-3.5 text-faint" aria-hidden />
    </span>
  );
}

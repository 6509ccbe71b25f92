import { cva, type VariantProps } from "class-variance-authority";
import type { ButtonHTMLAttributes, ComponentType, ReactNode, Ref } from "react";
import { Tip } from "./tip.tsx";

const button = cva(
  "moves inline-flex shrink-0 items-center justify-center gap-1.5 whitespace-nowrap rounded-control border font-strong disabled:opacity-50",
  {
    variants: {
      look: {
        plain: "border-line2 bg-raised text-text hover:bg-line",
        primary:
          "border-transparent bg-accent text-accent-ink hover:bg-[color-mix(in_oklab,var(--accent)_88%,var(--text))]",
        quiet: "border-transparent bg-transparent text-dim hover:bg-line hover:text-text",
        danger: "border-transparent bg-bad-fill text-white hover:bg-[color-mix(in_oklab,var(--bad-fill)_88%,black)]",
      },
      size: { normal: "h-8 px-3 text-[13px]", small: "h-6.5 px-2 text-small" },
    },
    defaultVariants: { look: "plain", size: "normal" },
  },
);

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> &
  VariantProps<typeof button> & { readonly busy?: boolean; readonly ref?: Ref<HTMLButtonElement> };

export function Button({ look, size, busy = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button type="button" className={button({ look, size, className })} disabled={disabled === true || busy} {...rest}>
      {busy && <Spinner />}
      {children}
    </button>
  );
}

/** Says that something is under way; the word beside it says what. */
export function Spinner() {
  return <span aria-hidden className="spins size-3 rounded-full border-[1.5px] border-current border-r-transparent" />;
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: ComponentType<{ className?: string; "aria-hidden"?: boolean }>;
  /** Its name, read aloud and shown on hover. */
  readonly label: string;
  readonly keys?: string;
  readonly children?: ReactNode;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon: Icon, label, keys, className = "", children, ...rest }: IconButtonProps) {
  return (
    <Tip text={label} {...(keys && { keys })}>
      <button
        type="button"
        aria-label={label}
        className={`moves inline-flex h-7 min-w-7 shrink-0 items-center justify-center gap-1 rounded-control text-dim hover:bg-line hover:text-text disabled:opacity-40 ${className}`}
        {...rest}
      >
        <Icon className="icon" aria-hidden />
        {children}
      </button>
    </Tip>
  );
}

export type Mark = "ok" | "working" | "needs_you" | "waiting" | "idle" | "offline" | "failed" | "stopped";

const SHAPES: Record<Mark, string> = {
  ok: "size-1.75 rounded-full bg-ok",
  working: "size-1.75 rounded-full bg-accent shadow-[0_0_0_3px_var(--accent-soft)]",
  needs_you: "size-2 rotate-45 rounded-[1.5px] bg-wait",
  waiting: "size-1.75 rounded-full border-[1.5px] border-accent",
  idle: "size-1.75 rounded-full border-[1.5px] border-faint",
  offline: "h-0.5 w-1.75 rounded-full bg-faint",
  failed: "size-1.75 rounded-[1.5px] bg-bad",
  stopped: "size-1.75 rounded-[1.5px] border-[1.5px] border-faint",
};

/** A state as a shape. The word for it stands beside it, or is given as `label` for screen readers. */
export function StateMark({ mark, label }: { readonly mark: Mark; readonly label?: string }) {
  return (
    <span className="grid size-2.5 shrink-0 place-items-center">
      <span aria-hidden className={SHAPES[mark]} />
      {label && <span className="sr-only">{label}</span>}
    </span>
  );
}

import type { ReactNode } from "react";

/** Buttons that fill in a part of the form. */
export function Offered({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div role="group" aria-label={label} className="flex flex-col gap-1.5">
      <span aria-hidden className="text-small font-strong text-dim">
        {label}
      </span>
      <div className="flex max-h-24 flex-wrap gap-1.5 overflow-y-auto p-0.5">{children}</div>
    </div>
  );
}

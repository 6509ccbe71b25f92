import { useId, type ReactNode } from "react";

interface SectionProps {
  readonly title: string;
  readonly side?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, side, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3">
      <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-4 gap-y-1">
        <h2 id={id} className="text-large">
          {title}
        </h2>
        {side}
      </div>
      {children}
    </section>
  );
}

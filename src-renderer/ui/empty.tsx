import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface EmptyProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly about: ReactNode;
  readonly children?: ReactNode;
}

/** Nothing yet: what this place is for, and the first thing to do. */
export function Empty({ icon: Icon, title, about, children }: EmptyProps) {
  return (
    <div className="m-auto flex max-w-100 flex-col items-center gap-2 px-6 py-10 text-center">
      <Icon className="mb-1 size-6 text-faint" strokeWidth={1.5} aria-hidden />
      <h2 className="text-large">{title}</h2>
      <p className="text-dim">{about}</p>
      {children && <div className="mt-3 flex flex-wrap justify-center gap-2">{children}</div>}
    </div>
  );
}

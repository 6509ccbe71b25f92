import type { ReactNode } from "react";

interface PageHeaderProps {
  readonly title: ReactNode;
  readonly about?: ReactNode;
  readonly children?: ReactNode;
}

export function PageHeader({ title, about, children }: PageHeaderProps) {
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 px-6 pt-5 pb-4 max-phone:px-4">
      <div className="min-w-0 flex-1 max-phone:basis-full">
        <h1 className="text-title leading-8">{title}</h1>
        {about && <div className="text-dim">{about}</div>}
      </div>
      {children && <div className="flex flex-wrap gap-2">{children}</div>}
    </header>
  );
}

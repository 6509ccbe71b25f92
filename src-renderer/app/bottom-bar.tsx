import { useTeamSummary } from "../team/summary.ts";
import { go, usePlace } from "./navigation.ts";
import { PAGE_ENTRIES } from "./pages.ts";

/** The pages on a narrow screen, where thumbs are. */
export function BottomBar() {
  const current = usePlace((place) => place.page);
  const { openApprovals } = useTeamSummary();
  return (
    <nav
      aria-label="Pages"
      className="grid auto-cols-[minmax(3.75rem,1fr)] grid-flow-col overflow-x-auto [scrollbar-width:none] border-t border-line bg-panel pb-[env(safe-area-inset-bottom)]"
    >
      {PAGE_ENTRIES.map(({ page, label, icon: Icon }) => (
        <button
          key={page}
          type="button"
          aria-current={current === page ? "page" : undefined}
          onClick={() => go(page)}
          className={`relative flex h-13 flex-col items-center justify-center gap-0.5 text-tiny ${current === page ? "font-strong text-text" : "text-dim"}`}
        >
          <Icon className={`icon size-4.5 ${current === page ? "text-accent" : ""}`} aria-hidden />
          {label}
          {page === "chat" && openApprovals > 0 && (
            <span className="absolute top-1.5 left-1/2 ml-2.5 size-2 rotate-45 rounded-[1.5px] bg-wait">
              <span className="sr-only">{openApprovals} waiting for you</span>
            </span>
          )}
        </button>
      ))}
    </nav>
  );
}

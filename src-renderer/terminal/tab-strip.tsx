import { X } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import type { WindowName } from "../../contract/agents.ts";
import { situationOf } from "../team/situation.ts";
import { useTeam } from "../team/store.ts";
import { ContextMenu, type Deed } from "../ui/menu.tsx";
import { StateMark } from "../ui/state-mark.tsx";

interface TabStripProps {
  readonly label: string;
  readonly tabs: readonly WindowName[];
  readonly active: WindowName | null;
  readonly onSelect: (tab: WindowName) => void;
  readonly onClose?: ((tab: WindowName) => void) | undefined;
  /** What a right click on a tab offers. */
  readonly deeds: (tab: WindowName) => readonly Deed[];
  readonly children?: ReactNode;
}

/** Tabs of terminals, each with its agent's state. Arrow keys move, Delete closes. */
export function TabStrip({ label, tabs, active, onSelect, onClose, deeds, children }: TabStripProps) {
  function onKeyDown(event: KeyboardEvent, tab: WindowName): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    if (step !== 0 && next) onSelect(next);
    else if (event.key === "Delete" && onClose) onClose(tab);
    else return;
    event.preventDefault();
  }
  return (
    <div className="flex h-10 shrink-0 items-end gap-1 border-b border-line bg-panel pr-1.5 pl-2">
      <div
        role="tablist"
        aria-label={label}
        className="flex h-full min-w-0 flex-1 items-end gap-0.5 overflow-x-auto overflow-y-hidden [scrollbar-width:none]"
      >
        {tabs.map((tab) => (
          <Tab
            key={tab}
            tab={tab}
            active={tab === active}
            onSelect={onSelect}
            onClose={onClose}
            deeds={deeds}
            onKeyDown={onKeyDown}
          />
        ))}
      </div>
      {children && <div className="flex h-full items-center">{children}</div>}
    </div>
  );
}

/** For the pointer only: a list of tabs may hold tabs only, and Delete is the way for everyone else. */
function CloseButton({ tab, onClick }: { readonly tab: WindowName; readonly onClick: () => void }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-hidden
      title={`Close ${tab}`}
      onClick={onClick}
      className="moves absolute right-1 grid size-4.5 place-items-center rounded-[4px] text-faint opacity-0 group-hover/tab:opacity-100 hover:bg-line hover:text-text focus-visible:opacity-100"
    >
      <X className="size-3" aria-hidden />
    </button>
  );
}

interface TabProps extends Pick<TabStripProps, "onSelect" | "onClose" | "deeds"> {
  readonly tab: WindowName;
  readonly active: boolean;
  readonly onKeyDown: (event: KeyboardEvent, tab: WindowName) => void;
}

function Tab({ tab, active, onSelect, onClose, deeds, onKeyDown }: TabProps) {
  return (
    <ContextMenu deeds={() => deeds(tab)}>
      <span role="presentation" className="group/tab relative flex h-full items-center">
        <button
          type="button"
          role="tab"
          id={`tab-${tab}`}
          aria-selected={active}
          {...(onClose && { "aria-keyshortcuts": "Delete" })}
          tabIndex={active ? 0 : -1}
          onClick={() => onSelect(tab)}
          onKeyDown={(event) => onKeyDown(event, tab)}
          onAuxClick={(event) => event.button === 1 && onClose?.(tab)}
          className={`moves flex h-full items-center gap-2 border-b-2 px-2.5 outline-offset-[-3px] ${onClose ? "pr-6" : ""} ${active ? "border-accent font-strong text-text" : "border-transparent text-dim hover:text-text"}`}
        >
          <WindowMark window={tab} />
          {tab}
        </button>
        {onClose && <CloseButton tab={tab} onClick={() => onClose(tab)} />}
      </span>
    </ContextMenu>
  );
}

function WindowMark({ window }: { readonly window: WindowName }) {
  const situation = useTeam((team) => {
    const agent = team.agents.find(({ name }) => name === window);
    return agent ? situationOf(agent, team.approvals) : null;
  });
  return situation && <StateMark mark={situation} label={situation.replace("_", " ")} />;
}

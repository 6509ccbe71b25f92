import { Plus, X } from "lucide-react";
import { Dialog } from "radix-ui";
import { WindowName } from "../../contract/agents.ts";
import { useServer } from "../servers/store.ts";
import { TabStrip } from "../terminal/tab-strip.tsx";
import { IconButton } from "../ui/button.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { tabDeeds } from "./deeds.ts";
import { TerminalPair } from "./terminal-pair.tsx";
import { closeTerminal, hideTerminals, openTerminal, usePreferences } from "./preferences.ts";

/** The agents' terminals beside the page. */
export function TerminalPanel() {
  const view = useServer();
  const tabs = usePreferences((state) => state.tabs);
  const active = usePreferences((state) => state.activeTab);
  if (!view) return null;
  return (
    <aside aria-label="Terminals" className="flex min-h-0 flex-1 flex-col bg-code">
      <TabStrip
        label="Terminals"
        tabs={tabs}
        active={active}
        onSelect={openTerminal}
        onClose={closeTerminal}
        deeds={(tab) => tabDeeds(view.server.id, tab)}
      >
        <OtherWindows tabs={tabs} />
        <IconButton icon={X} label="Hide terminals" keys="Ctrl J" onClick={hideTerminals} />
      </TabStrip>
      <TerminalPair serverId={view.server.id} windows={tabs} active={active} />
    </aside>
  );
}

function OtherWindows({ tabs }: { readonly tabs: readonly WindowName[] }) {
  const closed = WindowName.options.filter((window) => !tabs.includes(window));
  if (closed.length === 0) return null;
  return (
    <Menu trigger={<IconButton icon={Plus} label="Open another terminal" />}>
      {closed.map((window) => (
        <MenuItem key={window} onSelect={() => openTerminal(window)}>
          {window}
        </MenuItem>
      ))}
    </Menu>
  );
}

/** The same over the page, where there is no room beside it. */
export function TerminalSheet() {
  return (
    <Dialog.Root open onOpenChange={(open) => !open && hideTerminals()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fades-in fixed inset-0 z-30 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          onEscapeKeyDown={(event) =>
            event.target instanceof Element && event.target.closest(".xterm") && event.preventDefault()
          }
          className="slides-in fixed inset-y-0 right-0 z-30 flex w-[min(640px,94vw)] flex-col border-l border-line2 bg-code shadow-float"
        >
          <Dialog.Title className="sr-only">Terminals</Dialog.Title>
          <TerminalPanel />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

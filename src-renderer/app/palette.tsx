import { Command } from "cmdk";
import { Keyboard, MonitorCog, Plus, SquareTerminal } from "lucide-react";
import { Dialog } from "radix-ui";
import type { ReactNode } from "react";
import { AgentName } from "../../contract/agents.ts";
import { connectionWords } from "../servers/connection-words.ts";
import { selectServer, useServers } from "../servers/store.ts";
import { AGENT_LABELS } from "../team/situation.ts";
import { Keys } from "../ui/keys.tsx";
import { StateMark } from "../ui/state-mark.tsx";
import { go } from "./navigation.ts";
import { PAGE_ENTRIES } from "./pages.ts";
import { openTerminal, togglePanel, toggleTheme } from "./preferences.ts";
import { TONE_MARKS } from "./server-switcher.tsx";
import { showFloating, useFloating } from "./windows.ts";

/** Everything that can be done from anywhere, by typing a part of its name. */
export function Palette() {
  const open = useFloating((state) => state.open === "palette");
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && showFloating("none")}>
      <Dialog.Portal>
        <Dialog.Overlay className="fades-in fixed inset-0 z-40 bg-veil" />
        <Dialog.Content
          aria-describedby={undefined}
          className="floats-in fixed inset-x-2 top-[12vh] z-40 mx-auto max-w-140 overflow-hidden rounded-box border border-line2 bg-raised shadow-float"
        >
          <Dialog.Title className="sr-only">Search or run a command</Dialog.Title>
          <Command label="Commands" loop>
            <Command.Input
              placeholder="Search or run a command"
              className="w-full border-b border-line bg-transparent px-4 py-3 text-large outline-none placeholder:text-faint"
            />
            <Command.List className="max-h-[50vh] overflow-y-auto p-1.5">
              <Command.Empty className="px-3 py-6 text-center text-dim">Nothing has that name.</Command.Empty>
              <PaletteItems />
            </Command.List>
          </Command>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function PaletteItems() {
  return (
    <>
      <PaletteGroup heading="Pages">
        {PAGE_ENTRIES.map(({ page, label, icon: Icon }, index) => (
          <Item
            key={page}
            name={label}
            icon={<Icon className="icon" />}
            keys={`Ctrl ${index + 1}`}
            run={() => go(page)}
          />
        ))}
      </PaletteGroup>
      <PaletteGroup heading="Agents">
        {AgentName.options.map((agent, index) => (
          <Item
            key={agent}
            name={`Terminal of ${AGENT_LABELS[agent]}`}
            icon={<SquareTerminal className="icon" />}
            keys={`Ctrl Shift ${index + 1}`}
            run={() => openTerminal(agent)}
          />
        ))}
      </PaletteGroup>
      <ServerGroup />
      <AppGroup />
    </>
  );
}

function ServerGroup() {
  const servers = useServers((state) => state.list);
  return (
    <PaletteGroup heading="Servers">
      {servers.map(({ server, connection }) => (
        <Item
          key={server.id}
          name={`Switch to ${server.name}`}
          icon={<StateMark mark={TONE_MARKS[connectionWords(connection).tone]} />}
          run={() => selectServer(server.id)}
        />
      ))}
      <Item name="Add a server" icon={<Plus className="icon" />} opens="add_server" run={() => {}} />
    </PaletteGroup>
  );
}

function AppGroup() {
  return (
    <PaletteGroup heading="App">
      <Item name="Light or dark theme" icon={<MonitorCog className="icon" />} keys="Ctrl Shift L" run={toggleTheme} />
      <Item name="Show or hide terminals" icon={<SquareTerminal className="icon" />} keys="Ctrl J" run={togglePanel} />
      <Item name="Keyboard shortcuts" icon={<Keyboard className="icon" />} keys="?" opens="shortcuts" run={() => {}} />
    </PaletteGroup>
  );
}

function PaletteGroup({ heading, children }: { readonly heading: string; readonly children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-tiny [&_[cmdk-group-heading]]:font-heavy [&_[cmdk-group-heading]]:text-faint"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  readonly name: string;
  readonly icon: ReactNode;
  readonly keys?: string;
  readonly opens?: "add_server" | "shortcuts";
  readonly run: () => void;
}

function Item({ name, icon, keys, opens, run }: ItemProps) {
  return (
    <Command.Item
      value={name}
      onSelect={() => {
        showFloating(opens ?? "none");
        run();
      }}
      className="flex h-8.5 items-center gap-3 rounded-control px-2.5 text-dim data-[selected=true]:bg-line data-[selected=true]:text-text"
    >
      <span className="grid w-4 place-items-center">{icon}</span>
      <span className="flex-1">{name}</span>
      {keys && <Keys keys={keys} />}
    </Command.Item>
  );
}

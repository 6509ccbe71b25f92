import { Check, ChevronDown, Laptop, Plus, Server as ServerIcon } from "lucide-react";
import { LOCAL_SERVER_ID, type ServerView } from "../../contract/servers.ts";
import { connectionWords, type ConnectionTone } from "../servers/connection-words.ts";
import { selectServer, useServer, useServers } from "../servers/store.ts";
import { Menu, MenuItem, MenuLabel, MenuLine } from "../ui/menu.tsx";
import { StateMark, type Mark } from "../ui/state-mark.tsx";
import { go } from "./navigation.ts";
import { showFloating } from "./windows.ts";

export const TONE_MARKS: Record<ConnectionTone, Mark> = {
  ok: "ok",
  busy: "waiting",
  wait: "needs_you",
  off: "offline",
};

export function ServerSwitcher() {
  const current = useServer();
  const list = useServers((state) => state.list);
  const hasLocal = list.some((view) => view.server.id === LOCAL_SERVER_ID);
  if (!current) return null;
  const words = connectionWords(current.connection);
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Server ${current.server.name}, ${words.word}. Change server`}
          className="moves flex h-7.5 min-w-0 items-center gap-2 rounded-control border border-line bg-raised px-2.5 font-strong hover:border-line2"
        >
          <StateMark mark={TONE_MARKS[words.tone]} />
          <span className="max-w-44 truncate max-phone:max-w-28">{current.server.name}</span>
          <ChevronDown className="icon size-3.5 text-faint" aria-hidden />
        </button>
      }
    >
      <MenuLabel>Servers</MenuLabel>
      {list.map((view) => (
        <MenuItem key={view.server.id} onSelect={() => selectServer(view.server.id)}>
          <ServerLine view={view} current={view === current} />
        </MenuItem>
      ))}
      <MenuLine />
      <MenuItem onSelect={() => showFloating("add_server")}>
        <Plus className="icon text-faint" aria-hidden />
        Add a server…
      </MenuItem>
      {!hasLocal && (
        <MenuItem onSelect={() => go("settings")}>
          <Laptop className="icon text-faint" aria-hidden />
          Use this computer…
        </MenuItem>
      )}
    </Menu>
  );
}

function ServerLine({ view, current }: { readonly view: ServerView; readonly current: boolean }) {
  const words = connectionWords(view.connection);
  const Icon = view.server.place.kind === "local" ? Laptop : ServerIcon;
  return (
    <>
      <Icon className="icon text-faint" aria-hidden />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="truncate font-strong">{view.server.name}</span>
        <span className="flex items-center gap-1.5 text-small text-dim">
          <StateMark mark={TONE_MARKS[words.tone]} />
          {words.word}
        </span>
      </span>
      {current && <Check className="icon text-accent" aria-label="Chosen" />}
    </>
  );
}

import { Toaster } from "sonner";
import { selectedServer, useServers } from "../servers/store.ts";
import { TipProvider } from "../ui/tip.tsx";
import { Welcome } from "../pages/welcome/page.tsx";
import { Frame } from "./frame.tsx";
import { HostLost, Starting } from "./host-states.tsx";
import { Palette } from "./palette.tsx";
import { usePreferences } from "./preferences.ts";
import { ServerWindows } from "./server-windows.tsx";
import { ShortcutList } from "./shortcut-list.tsx";

export function App() {
  const theme = usePreferences((state) => state.theme);
  return (
    <TipProvider delayDuration={400}>
      <Contents />
      <ShortcutList />
      <Toaster theme={theme} position="bottom-right" gap={8} offset={ABOVE_BARS} mobileOffset={ABOVE_PHONE_BARS} />
    </TipProvider>
  );
}

/** A message does not lie over a bar of buttons at the bottom, on a phone neither over the pages below that. */
const ABOVE_BARS = { bottom: 72, right: 24 };
const ABOVE_PHONE_BARS = { bottom: 124, left: 16, right: 16 };

function Contents() {
  const host = useServers((state) => state.host);
  const hasServer = useServers((state) => selectedServer(state) !== null);
  const known = useServers((state) => state.info !== null);
  if (!known) return host === "lost" ? <HostLost /> : <Starting />;
  return (
    <>
      {hasServer ? <Frame /> : <Welcome />}
      <Palette />
      <ServerWindows />
    </>
  );
}

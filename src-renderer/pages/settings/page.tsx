import { LOCAL_SERVER_ID } from "../../../contract/servers.ts";
import { go } from "../../app/navigation.ts";
import { usePreferences, type Theme } from "../../app/preferences.ts";
import { showFloating } from "../../app/windows.ts";
import { LocalStart } from "../../servers/local-start.tsx";
import { useServers } from "../../servers/store.ts";
import { Button } from "../../ui/button.tsx";
import { Segments } from "../../ui/choice.tsx";
import { PageHeader } from "../../ui/page-header.tsx";

const THEMES: readonly { readonly value: Theme; readonly label: string }[] = [
  { value: "system", label: "As the system" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

const SHELLS = { electron: "Desktop app", browser: "Browser", cli: "Terminal" };

export function SettingsPage() {
  const theme = usePreferences((state) => state.theme);
  const info = useServers((state) => state.info);
  const hasLocal = useServers((state) => state.list.some(({ server }) => server.id === LOCAL_SERVER_ID));
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-[860px]">
        <PageHeader title="Settings" about="Of this app on this computer. A server's own are on its page." />
        <div className="mx-6 mb-10 card divide-y divide-line max-phone:mx-4">
          <Row title="Theme" about="Light or dark, or as your system is set.">
            <Segments
              label="Theme"
              value={theme}
              options={THEMES}
              onChange={(next) => usePreferences.setState({ theme: next })}
            />
          </Row>
          <Row title="Keyboard" about="Everything can be done without a mouse.">
            <Button onClick={() => showFloating("shortcuts")}>Show the shortcuts</Button>
          </Row>
          <Row title="Servers" about="Another machine for another team.">
            <Button onClick={() => showFloating("add_server")}>Add a server…</Button>
          </Row>
          {!hasLocal && (
            <Row title="This computer" about="A team without a server and without administrator rights.">
              <LocalStart onStarted={() => go("chat")} />
            </Row>
          )}
          {info && (
            <Row
              title="Secrets"
              about={
                info.keychain
                  ? "Passphrases that you let the app remember are in this computer's keychain."
                  : "This computer offers no keychain, so passphrases stay in memory and are asked again after a restart."
              }
            />
          )}
          {info && <Row title="About" about={`Version ${info.version} · ${SHELLS[info.shell]} · ${info.platform}`} />}
        </div>
      </div>
    </div>
  );
}

interface RowProps {
  readonly title: string;
  readonly about: string;
  readonly children?: React.ReactNode;
}

function Row({ title, about, children }: RowProps) {
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2.5 px-4 py-3">
      <div className="min-w-52 flex-1">
        <h2 className="font-strong">{title}</h2>
        <p className="text-dim">{about}</p>
      </div>
      {children}
    </div>
  );
}

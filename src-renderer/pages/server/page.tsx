import { hasTeam, type ServerView } from "../../../contract/servers.ts";
import { hostText } from "../../../contract/ssh-address.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { connectServer, disconnectServer } from "../../servers/actions.ts";
import { ChangeLogin } from "../../servers/change-login.tsx";
import { RefusedCard } from "../../servers/refused-card.tsx";
import { useServer } from "../../servers/store.ts";
import { Button } from "../../ui/button.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { DangerZone } from "./danger-zone.tsx";
import { Health } from "./health.tsx";
import { ModelSection } from "./model-section.tsx";
import { ChoicesSection } from "./choices-section.tsx";
import { Overview } from "./overview.tsx";
import { ServerName } from "./server-name.tsx";
import { ProvisionSection } from "./provision-section.tsx";
import { WebSearchSection } from "./web-search-section.tsx";

export function ServerPage() {
  const view = useServer();
  if (!view) return null;
  return <Whole key={view.server.id} view={view} />;
}

function Whole({ view }: { readonly view: ServerView }) {
  const { server, connection } = view;
  const online = connection.state === "online";
  const remote = server.place.kind === "ssh";
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-[1120px]">
        <PageHeader title={<ServerName server={server} />} about={<Place view={view} />}>
          <ChangeLogin server={server} />
          <ConnectButton view={view} />
        </PageHeader>
        <div className="flex flex-col gap-6 px-6 pb-10 max-phone:px-4">
          {connection.state === "refused" && <RefusedCard server={server} connection={connection} />}
          {connection.state === "waiting" && <ErrorCard error={connection.error} />}
          {hasTeam(view) && <Health online={online} />}
          {remote && <ProvisionSection server={server} online={online} />}
          {remote && <ChoicesSection server={server} />}
          {remote && server.provisioned && <Overview server={server} online={online} />}
          <ModelSection view={view} />
          <WebSearchSection view={view} />
          <DangerZone view={view} />
        </div>
      </div>
    </div>
  );
}

function Place({ view }: { readonly view: ServerView }) {
  const { place } = view.server;
  if (place.kind === "local") return <>The team on this computer</>;
  return (
    <span className="font-mono text-[12.5px]">
      {place.address.user}@{hostText(place.address)}
      {place.jump && ` through ${hostText(place.jump.address)}`}
    </span>
  );
}

function ConnectButton({ view }: { readonly view: ServerView }) {
  const { busy, error, run } = useCall();
  const { id } = view.server;
  const off = view.connection.state === "offline" || view.connection.state === "refused";
  return (
    <>
      {error && <span className="self-center text-small text-bad">{error.message}</span>}
      <Button busy={busy} onClick={() => void run(() => (off ? connectServer(id) : disconnectServer(id)))}>
        {off ? "Connect" : "Disconnect"}
      </Button>
    </>
  );
}

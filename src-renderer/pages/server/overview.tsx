import { RefreshCw } from "lucide-react";
import { useEffect } from "react";
import type { Server } from "../../../contract/servers.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { IconButton } from "../../ui/button.tsx";
import { Section } from "../../ui/section.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { Ago } from "../../ui/time.tsx";
import { readOverview } from "./actions.ts";
import { InstallUpdates } from "./install-updates.tsx";
import { BackupCard, CertificatesCard, RoomCard, ServicesCard, UpdatesCard, VersionsCard } from "./overview-cards.tsx";
import { SaveSummary } from "./save-summary.tsx";
import { useProvisioning } from "./store.ts";

interface OverviewProps {
  readonly server: Server;
  readonly online: boolean;
}

/** How a provisioned server is, read when somebody looks. */
export function Overview({ server, online }: OverviewProps) {
  const { overview } = useProvisioning(server.id);
  useEffect(() => {
    if (online) void readOverview(server.id);
  }, [server.id, online]);
  return (
    <Section title="Overview" side={<Side server={server} online={online} />}>
      {overview.state === "none" && (
        <p className="text-dim">Versions, disk, certificates and updates are read when the server is connected.</p>
      )}
      {overview.state === "reading" && <Skeleton label={`Asking ${server.name} how it is`} lines={5} />}
      {overview.state === "failed" && (
        <ErrorCard error={overview.error} actions={{ retry: () => void readOverview(server.id) }} />
      )}
      {overview.state === "ready" && (
        <>
          {overview.error && (
            <ErrorCard error={overview.error} actions={{ retry: () => void readOverview(server.id) }} />
          )}
          <div className="grid gap-3 sheet:grid-cols-2 wide:grid-cols-3">
            <VersionsCard overview={overview.overview} />
            <ServicesCard overview={overview.overview} />
            <RoomCard overview={overview.overview} />
            <CertificatesCard overview={overview.overview} />
            <UpdatesCard overview={overview.overview}>
              <InstallUpdates server={server} packages={overview.overview.packages} online={online} />
            </UpdatesCard>
            <BackupCard />
          </div>
        </>
      )}
    </Section>
  );
}

function Side({ server, online }: OverviewProps) {
  const { overview, run: shown, isRunSeen } = useProvisioning(server.id);
  const { busy, run } = useCall();
  if (overview.state !== "ready") return null;
  return (
    <span className="flex items-center gap-2 text-small text-faint">
      <span>
        {online ? "Read " : "Not connected; read "}
        <Ago at={overview.overview.readAt} />
      </span>
      <IconButton
        icon={RefreshCw}
        label="Read it again"
        disabled={!online || busy}
        onClick={() => void run(() => readOverview(server.id))}
      />
      {/* A run that has just ended offers it itself. */}
      {(shown.seq === 0 || isRunSeen) && <SaveSummary server={server} />}
    </span>
  );
}

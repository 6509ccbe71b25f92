import { History } from "lucide-react";
import { useState } from "react";
import { useShallow } from "zustand/react/shallow";
import type { ServerView } from "../../../contract/servers.ts";
import { sizeText } from "../../../contract/size-text.ts";
import { go } from "../../app/navigation.ts";
import { NotConnected } from "../../app/no-team-yet.tsx";
import { TeamPage } from "../../app/team-page.tsx";
import { ErrorCard } from "../../errors/error-card.tsx";
import { useCall } from "../../errors/use-call.ts";
import { loadSnapshots } from "../../team/actions.ts";
import { SnapshotRows } from "../../team/snapshot-rows.tsx";
import { useTeam } from "../../team/store.ts";
import { useLoadWhenLive } from "../../team/use-load-when-live.ts";
import { Empty } from "../../ui/empty.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { newestFirst } from "./order.ts";

/** Everything that was kept on this server before actions that destroy. */
export function SnapshotsPage() {
  return <TeamPage unread={false}>{(view) => <Whole key={view.server.id} view={view} />}</TeamPage>;
}

function Whole({ view }: { readonly view: ServerView }) {
  const serverId = view.server.id;
  const snapshots = newestFirst(useTeam(useShallow((team) => Object.values(team.snapshots))));
  const [isRead, setIsRead] = useState(false);
  const { error, run } = useCall();
  const load = () => run(async () => await loadSnapshots(serverId).then(() => setIsRead(true)));
  const live = useLoadWhenLive(load, serverId);
  if (!isRead && snapshots.length === 0 && !live) return <NotConnected view={view} />;
  const bytes = snapshots.reduce((sum, snapshot) => sum + (snapshot.state === "kept" ? snapshot.bytes : 0), 0);
  const about = "A copy is taken before each action that destroys something. A restore keeps what is there first.";
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">
      <PageHeader title="Snapshots" about={bytes > 0 ? `${about} ${sizeText(bytes)} on the server.` : about} />
      <div className="flex flex-1 flex-col gap-4 px-6 pb-10 max-phone:px-4">
        {error && <ErrorCard error={error} actions={{ retry: () => void load() }} />}
        {!isRead && !error && snapshots.length === 0 && <Skeleton label="Reading the snapshots" lines={5} />}
        {isRead && snapshots.length === 0 && (
          <Empty
            icon={History}
            title="No snapshots yet"
            about="When you allow an agent to delete, drop or overwrite something, what was there is kept here, and one click puts it back."
          />
        )}
        {snapshots.length > 0 && (
          <SnapshotRows
            serverId={serverId}
            snapshots={snapshots}
            online={live}
            onOpenTask={(taskId) => go("tasks", taskId)}
          />
        )}
      </div>
    </div>
  );
}

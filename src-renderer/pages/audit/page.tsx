import { useEffect, useRef } from "react";
import { go, usePlace } from "../../app/navigation.ts";
import { TeamPage } from "../../app/team-page.tsx";
import type { ServerView } from "../../../contract/servers.ts";
import { useServer } from "../../servers/store.ts";
import { PageHeader } from "../../ui/page-header.tsx";
import { useWidth } from "../../ui/use-width.ts";
import { CheckCard } from "./check-card.tsx";
import { RecordDetail } from "./detail.tsx";
import { ExportButton } from "./export-button.tsx";
import { Filters } from "./filters.tsx";
import { followTrail } from "./load-trail.ts";
import { Records } from "./records.tsx";
import { useTrail } from "./store.ts";
import { VerifyButton } from "./verify-button.tsx";

/** From here on a record opens beside the table, below it in place of the table. */
const BESIDE_PX = 860;

export function AuditPage() {
  const view = useServer();
  const unread = useTrail(view?.server.id ?? "", (trail) => trail.phase !== "ready" && trail.records.length === 0);
  return <TeamPage unread={unread}>{(shown) => <Trail key={shown.server.id} view={shown} />}</TeamPage>;
}

function Trail({ view }: { readonly view: ServerView }) {
  const { server } = view;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const opened = usePlace((place) => Number(place.detail) || null);
  useEffect(() => {
    const controller = new AbortController();
    void followTrail(server.id, controller.signal);
    return () => controller.abort();
  }, [server.id]);

  const beside = width >= BESIDE_PX;
  function closeRecord(): void {
    go("audit");
    const row = box.current?.querySelector<HTMLElement>(`[data-seq="${opened}"]`);
    // After the table has stopped being inert.
    requestAnimationFrame(() => row?.focus());
  }
  return (
    <div ref={box} className="flex min-h-0 flex-1 flex-col">
      <PageHeader title="Audit" about="Everything the team was asked, decided and did.">
        <ExportButton server={server} />
        <VerifyButton serverId={server.id} online={view.connection.state === "online"} />
      </PageHeader>
      <CheckCard serverId={server.id} />
      <Filters serverId={server.id} />
      <div className="relative flex min-h-0 flex-1 border-t border-line">
        <div inert={opened !== null && !beside} className="flex min-w-0 flex-1 flex-col">
          <Records serverId={server.id} opened={opened} narrow={width > 0 && width < 640} />
        </div>
        {opened !== null && (
          <aside
            aria-label={`Record ${opened}`}
            className={beside ? "flex w-[36%] max-w-160 min-w-90 border-l border-line" : "absolute inset-0 flex bg-bg"}
          >
            <RecordDetail key={opened} serverId={server.id} seq={opened} alone={!beside} onClose={closeRecord} />
          </aside>
        )}
      </div>
    </div>
  );
}

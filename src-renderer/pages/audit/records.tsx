import { FilterX, ScrollText } from "lucide-react";
import { useShallow } from "zustand/react/shallow";
import { go } from "../../app/navigation.ts";
import { ErrorCard } from "../../errors/error-card.tsx";
import { Button } from "../../ui/button.tsx";
import { Empty } from "../../ui/empty.tsx";
import { Skeleton } from "../../ui/skeleton.tsx";
import { isFiltered, NO_FILTER } from "./filter.ts";
import { changeFilter, loadTrail } from "./load-trail.ts";
import { useTrail } from "./store.ts";
import { RecordTable } from "./table.tsx";

interface RecordsProps {
  readonly serverId: string;
  /** The record that is open. */
  readonly opened: number | null;
  readonly narrow: boolean;
}

/** The table, or why there is none. */
export function Records({ serverId, opened, narrow }: RecordsProps) {
  const { phase, error, filter } = useTrail(
    serverId,
    useShallow((trail) => ({ phase: trail.phase, error: trail.error, filter: trail.filter })),
  );
  const isEmpty = useTrail(serverId, (trail) => trail.records.length === 0);
  if (phase === "failed" && error) {
    return (
      <div className="px-6 py-4 max-phone:px-4">
        <ErrorCard error={error} actions={{ retry: () => void loadTrail(serverId), open_server: () => go("server") }} />
      </div>
    );
  }
  if (phase === "loading" && isEmpty) {
    return (
      <div className="px-6 py-4 max-phone:px-4">
        <Skeleton label="Reading the trail" lines={8} />
      </div>
    );
  }
  if (!isEmpty) return <RecordTable key={tableKey(filter)} serverId={serverId} opened={opened} narrow={narrow} />;
  if (!isFiltered(filter)) {
    return (
      <Empty
        icon={ScrollText}
        title="Nothing on record yet"
        about="Every request, decision, tool call and approval is written down here, each record sealed with the one before it."
      >
        <Button onClick={() => go("chat")}>Write a message</Button>
      </Empty>
    );
  }
  return (
    <Empty icon={FilterX} title="No record matches" about="Look for something else, or at a longer time.">
      <Button onClick={() => void changeFilter(serverId, NO_FILTER)}>Show all records</Button>
    </Empty>
  );
}

/** Another filter is another list, which begins at its top. */
function tableKey(filter: object): string {
  return JSON.stringify(filter);
}

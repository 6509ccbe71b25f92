import { ErrorCard } from "../errors/error-card.tsx";
import { useTeam } from "./store.ts";

/** Why there is nothing to show, when the team could not be read at all. */
export function TeamFailure({ onOpenServer }: { readonly onOpenServer: () => void }) {
  const error = useTeam((team) => (team.live === "failed" ? team.error : null));
  return (
    error && (
      <div className="col-span-full">
        <ErrorCard error={error} actions={{ open_server: onOpenServer }} />
      </div>
    )
  );
}

import type { WireError } from "../../../contract/errors.ts";
import { ErrorCard } from "../../errors/error-card.tsx";

/** Files that define agents and are not used, each with its mistake. */
export function Problems({ problems }: { readonly problems: readonly WireError[] }) {
  if (problems.length === 0) return null;
  return (
    <div className="col-span-full flex flex-col gap-2">
      {problems.map((problem) => (
        <ErrorCard key={problem.message} error={problem} />
      ))}
    </div>
  );
}

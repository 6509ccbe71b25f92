import { toast } from "sonner";
import { pageError } from "./page-error.ts";

/** For work that nobody waits for: its failure is told in the corner. */
export function tellFailure(work: Promise<unknown>): void {
  work.catch((error: unknown) => toast.error(pageError(error).message));
}

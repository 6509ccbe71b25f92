import { toast } from "sonner";
import { pageError } from "../../errors/page-error.ts";
import { cancelTask } from "../../team/actions.ts";

/** A failure is told beside the page. */
export function stopTask(serverId: string, id: string): void {
  cancelTask(serverId, id).catch((error: unknown) => toast.error(pageError(error).message));
}

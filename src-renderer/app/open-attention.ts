import type { Attention } from "../../contract/attention.ts";
import { selectServer } from "../servers/store.ts";
import { go } from "./navigation.ts";

const LOOK_MS = 100;
const LOOKS = 50;

/** Goes to what a person chose in a notification. */
export function openAttention({ serverId, kind, id }: Attention): void {
  selectServer(serverId);
  go(kind === "approval" ? "chat" : "agents");
  if (kind === "approval") void bringIntoSight(`approval-${id}`);
}

/** Its card may have to be loaded first. */
async function bringIntoSight(elementId: string): Promise<void> {
  for (let look = 0; look < LOOKS; look += 1) {
    const card = document.getElementById(elementId);
    if (card) {
      card.scrollIntoView({ block: "center" });
      card.focus({ preventScroll: true });
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

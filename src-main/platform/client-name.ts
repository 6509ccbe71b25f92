import { hostname, userInfo } from "node:os";

/** Who this is for others who work on the same server: such as `ann@laptop`. */
export function clientName(): string {
  return `${userInfo().username}@${hostname()}`;
}

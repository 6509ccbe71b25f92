import { hostText } from "../../contract/ssh-address.ts";
import { quote } from "../ssh/quote.ts";
import type { WaysIn } from "../../provisioning/ways-in.ts";

export interface HowToConnect extends WaysIn {
  readonly user: string;
  /** For the computer of the person. */
  readonly command: string;
}

/** What a person needs to reach this server with the app. */
export function howToConnect(ways: WaysIn, user: string, name: string | undefined): HowToConnect {
  const { addresses, port, hostKeys } = ways;
  const host = addresses[0] ?? "ADDRESS";
  const words = ["ai-infra", "provision", `${user}@${hostText({ host, port })}`];
  if (name !== undefined) words.push("--name", quote([name]));
  const [first] = hostKeys;
  if (first) words.push("--accept-host-key", first.fingerprint);
  return { ...ways, user, command: words.join(" ") };
}

export function describeConnection({ addresses, port, hostKeys, user, command }: HowToConnect): string {
  const lines = [
    "",
    "Add this server to the app:",
    `  Address    ${addresses.join(", ") || "as you reach it from outside"}`,
    `  Port       ${port}`,
    `  User       ${user}`,
    ...hostKeys.map(({ algorithm, fingerprint }) => `  Host key   ${fingerprint} (${algorithm})`),
    "or on your computer:",
    `  ${command}`,
    "Behind a router or a provider's firewall the address outside is another one.",
  ];
  return lines.join("\n");
}

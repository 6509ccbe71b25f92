import type { ServerCertificate, ServerOverview, ServerService } from "../../../contract/server-overview.ts";
import type { Mark } from "../../ui/state-mark.tsx";

const DAY_MS = 86_400_000;
/** certbot renews thirty days before the end: below this it has failed for two weeks. */
const RENEWAL_LATE_DAYS = 14;

export interface CertificateTime {
  /** Whole days until it ends; negative when it has ended. */
  readonly days: number;
  readonly mark: Mark;
  readonly words: string;
}

export function certificateTime({ expiresAt }: ServerCertificate, now: number): CertificateTime {
  const days = Math.floor((Date.parse(expiresAt) - now) / DAY_MS);
  if (days < 0) return { days, mark: "failed", words: "expired" };
  const words = days === 1 ? "1 day left" : `${days} days left`;
  return { days, mark: days < RENEWAL_LATE_DAYS ? "needs_you" : "ok", words };
}

/** What counts as little: a tenth of the whole, and never more than 2 GB. */
export function isAlmostFull(freeMb: number, sizeMb: number): boolean {
  return freeMb < Math.min(sizeMb / 10, 2048);
}

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^ai-infrastructure\.service$/, "Daemon"],
  [/^ai-agents\.service$/, "Agents"],
  [/^ai-infrastructure-broker\.socket$/, "Broker"],
  [/^postgresql/, "PostgreSQL"],
  [/^redis/, "Redis"],
  [/^ai-infrastructure-qdrant\.service$/, "Qdrant"],
  [/^nginx/, "nginx"],
  [/^docker/, "Docker"],
  [/^ssh/, "SSH"],
  [/^ai-infrastructure-firewall\.service$/, "Firewall"],
  [/^fail2ban/, "fail2ban"],
  [/^certbot/, "Certificate renewal"],
  [/^unattended-upgrades/, "Security updates"],
];

/** What people call a service; its unit where they have no name for it. */
export function serviceName({ unit }: Pick<ServerService, "unit">): string {
  return NAMES.find(([pattern]) => pattern.test(unit))?.[1] ?? unit;
}

export const SERVICE_MARKS: Record<ServerService["state"], Mark> = {
  active: "ok",
  starting: "waiting",
  inactive: "stopped",
  failed: "failed",
};

/** Such as "12 package updates, 3 of them for security". */
export function packageWords({ updates, security }: ServerOverview["packages"]): string {
  if (updates === 0) return "Packages are up to date";
  const all = updatesWords(updates);
  return security === 0 ? all : `${all}, ${security === updates ? "all" : String(security)} for security`;
}

export function updatesWords(updates: number): string {
  return updates === 1 ? "1 package update" : `${updates} package updates`;
}

import { z } from "zod";

const HOST = /^[A-Za-z0-9_.-]+$/;
/** An address that is valid on one link only names the interface of this computer after `%`. */
const ZONE = /^(?<address>[^%]+)%[A-Za-z0-9_.-]+$/;
const isIpv6 = (host: string) => z.ipv6().safeParse(host).success;

const hostName = z
  .string()
  .trim()
  .overwrite((host) => (/^\[[^\]]*:[^\]]*\]$/.test(host) ? host.slice(1, -1) : host))
  .min(1)
  .max(253)
  .superRefine((host, context) => {
    const problem = problemOf(host);
    if (problem) context.addIssue({ code: "custom", message: problem });
  });

/** Where an SSH server listens, and as whom to log in. The host of an IPv6 address stands without its brackets. */
export const SshAddress = z.object({
  host: hostName,
  port: z.number().int().min(1).max(65_535).default(22),
  user: z
    .string()
    .regex(/^[a-z_][a-z0-9_-]{0,31}\$?$/, "A user name is lower case letters, digits, dashes and underscores"),
});
export type SshAddress = z.infer<typeof SshAddress>;

/** What a person may write for an address. */
export interface Target {
  readonly host: string;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
}

/** `[user@]host[:port]`, an address in brackets when it is IPv6 with a port. Null for anything else. */
export function parseTarget(text: string): Target | null {
  const found = /^(?:(?<user>[^@]+)@)?(?<host>\[[^\]]+\]|[^:]+|[^:]*:[^:]*:.*)(?::(?<port>\d{1,5}))?$/.exec(
    text.trim(),
  );
  const { user, host, port } = found?.groups ?? {};
  return host ? { user, host, port: port === undefined ? undefined : Number(port) } : null;
}

/** Null when the host can be connected to. */
function problemOf(host: string): string | null {
  if (host.startsWith("-")) return "A host cannot start with a dash";
  const zoned = ZONE.exec(host)?.groups?.["address"];
  if (zoned !== undefined) {
    const isLinkLocal = isIpv6(zoned) && /^fe[89ab]/i.test(zoned);
    return isLinkLocal ? null : "Only an address that starts with fe80: names an interface after %";
  }
  if (isIpv6(host)) {
    return /^fe[89ab]/i.test(host) ? "Name the interface of this computer too, such as fe80::1%eth0" : null;
  }
  if (/^(\[.*\]|[^:]+):\d*$/.test(host)) return "The port has its own field";
  if (host.includes(":")) return "That is not an IPv6 address";
  return HOST.test(host) ? null : "A host is a name or an address, without spaces";
}

/** `host` or `host:port`, for messages; an IPv6 address with its port stands in brackets. */
export function hostText({ host, port }: Pick<SshAddress, "host" | "port">): string {
  return port === 22 ? host : `${bracketed(host)}:${port}`;
}

/** `user@host:port`, with the port always. */
export function loginText({ user, host, port }: SshAddress): string {
  return `${user}@${bracketed(host)}:${port}`;
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

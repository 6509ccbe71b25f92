import { z } from "zod";

/** `nginx.service`, or a pattern in which `*` stands for any text. */
const UnitPattern = z.string().regex(/^[A-Za-z0-9*][A-Za-z0-9:_.@*-]*\.(?:service|timer|socket|target|\*)$/);

/** `/etc/ai-infrastructure/broker.json`: what an administrator adds to what the broker does anyway. */
export const BrokerPolicy = z.strictObject({
  units: z
    .strictObject({
      /** Whose state and last log lines agents may read. */
      read: z.array(UnitPattern).default([]),
      /** Which agents may start, stop, enable and disable, each action asked for as the rules say. */
      control: z.array(UnitPattern).default([]),
    })
    .default({ read: [], control: [] }),
});
export type BrokerPolicy = z.infer<typeof BrokerPolicy>;

/** What holds on every server. The team's own services, SSH and the databases can be looked at, never stopped. */
export const UNITS_ANYWHERE: BrokerPolicy["units"] = {
  control: [
    "nginx.service",
    "docker.service",
    "docker.socket",
    "containerd.service",
    "certbot.service",
    "certbot.timer",
    "php*-fpm.service",
    "app-*.service",
    "app-*.timer",
  ],
  read: [
    "ai-infrastructure*.service",
    "ai-infrastructure*.socket",
    "ai-agents.service",
    "ssh.service",
    "sshd.service",
    "cron.service",
    "fail2ban.service",
    "nftables.service",
    "postgresql.service",
    "postgresql@*.service",
    "redis-server.service",
    "unattended-upgrades.service",
    "apt-daily*.timer",
  ],
};

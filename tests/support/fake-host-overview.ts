import type { ServerOverview } from "../../contract/server-overview.ts";
import { PLAN } from "./fake-host-plan.ts";
import { ago, sshServer, STATUS } from "./fake-host-scenes.ts";
import type { Scene } from "./fake-host-world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const inDays = (days: number): string => ago(-days * DAY - HOUR);

const active = (unit: string, description: string) => ({ unit, description, state: "active" }) as const;

export const OVERVIEW: ServerOverview = {
  readAt: ago(40_000),
  bootedAt: ago(19 * HOUR),
  versions: {
    system: "Debian GNU/Linux 12 (bookworm)",
    kernel: "6.1.0-37-amd64",
    daemon: "0.1.0-7d525a5086e1",
    node: "24.21.0",
    postgres: "15.14",
    redis: "7.0.15",
    nginx: "1.22.1",
  },
  appRelease: "0.2.0-1f0c9be2a7d4",
  services: [
    active("ai-infrastructure.service", "AI Infrastructure daemon"),
    active("ai-agents.service", "AI Infrastructure agents"),
    active("ai-infrastructure-broker.socket", "AI Infrastructure broker"),
    active("postgresql@15-main.service", "PostgreSQL Cluster 15-main"),
    active("redis-server.service", "Advanced key-value store"),
    active("nginx.service", "A high performance web server"),
    active("ssh.service", "OpenBSD Secure Shell server"),
    active("certbot.timer", "Run certbot twice daily"),
    { unit: "shop-import.service", description: "Imports orders of the shop", state: "failed" },
  ],
  disks: [
    { path: "/", sizeMb: 38_400, freeMb: 31_200 },
    { path: "/workspace", sizeMb: 20_480, freeMb: 900 },
  ],
  memory: { totalMb: 3911, availableMb: 2150, swapMb: 2048, swapFreeMb: 2040 },
  certificates: [
    {
      path: "/etc/letsencrypt/live/shop/fullchain.pem",
      name: "shop.example",
      names: ["shop.example", "www.shop.example"],
      expiresAt: inDays(6),
    },
    {
      path: "/etc/letsencrypt/live/blog/fullchain.pem",
      name: "blog.example",
      names: ["blog.example"],
      expiresAt: inDays(74),
    },
  ],
  packages: { updates: 12, security: 3, listsReadAt: ago(5 * HOUR), rebootNeeded: true },
  ports: [
    { protocol: "tcp", port: 22, program: "sshd", loopback: false },
    { protocol: "tcp", port: 80, program: "nginx", loopback: false },
    { protocol: "tcp", port: 5432, program: "postgres", loopback: true },
  ],
  logins: ["root", "admin"],
  hostKeys: [{ algorithm: "ED25519", bits: 256, fingerprint: "SHA256:uNiVztksCsDhcc0u9e8BrqXVUXDsmPyIOpCq7d3pX0E" }],
};

/** A provisioned server on which one thing has drifted, with an update of the team. */
export const DRIFTED: Scene = {
  servers: [sshServer()],
  status: STATUS,
  plan: {
    ...PLAN,
    steps: PLAN.steps.map((step) =>
      ["redis", "daemon"].includes(step.id) ? step : { ...step, state: "satisfied", changes: [] },
    ),
  },
};

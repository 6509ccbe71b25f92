import { configureRedis, restoreRedis } from "../commands/redis.ts";
import { REDIS_CONFIG, REDIS_CREDENTIAL, REDIS_INCLUDE } from "../layout.ts";
import type { Step } from "../step.ts";

export const redis: Step = {
  id: "redis",
  title: "Redis for live events",
  area: "data",
  reason: "What agents write reaches the screen through it; it answers this machine only and asks for a password.",
  needs: ["packages", "accounts"],
  probes: ["redis"],
  plan({ redis: found }) {
    const lines: string[] = [];
    if (!found.configured)
      lines.push(`Write ${REDIS_INCLUDE}: loopback, password, append-only file every second, no eviction`);
    if (!found.included) lines.push(`Include it at the end of ${REDIS_CONFIG}`);
    if (!found.credential) lines.push(`Store the password for the daemon in ${REDIS_CREDENTIAL}`);
    if (lines.length > 0) lines.push("Restart Redis");
    return lines;
  },
  note: ({ canEncrypt }) =>
    canEncrypt ? null : "systemd here cannot encrypt stored secrets: they lie in files that only root reads.",
  async apply({ shell, signal }) {
    await shell.run(configureRedis(), { signal });
  },
  undo: { changes: [`Remove ${REDIS_INCLUDE} and the stored password; Redis stays`], command: restoreRedis() },
};

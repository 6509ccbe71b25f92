import type { Wishes } from "../contract/provision.ts";
import type { Step } from "./step.ts";
import { admin } from "./steps/admin.ts";
import { accounts } from "./steps/accounts.ts";
import { broker } from "./steps/broker.ts";
import { certificates } from "./steps/certificates.ts";
import { clock } from "./steps/clock.ts";
import { configuration } from "./steps/configuration.ts";
import { docker } from "./steps/docker.ts";
import { kernel } from "./steps/kernel.ts";
import { logs } from "./steps/logs.ts";
import { fail2ban } from "./steps/fail2ban.ts";
import { firewall } from "./steps/firewall.ts";
import { loginKey } from "./steps/login-key.ts";
import { memoryModel } from "./steps/memory-model.ts";
import { packageUpdates } from "./steps/package-updates.ts";
import { packages } from "./steps/packages.ts";
import { permissions } from "./steps/permissions.ts";
import { postgres } from "./steps/postgres.ts";
import { qdrant } from "./steps/qdrant.ts";
import { redis } from "./steps/redis.ts";
import { runtime } from "./steps/runtime.ts";
import { sandbox } from "./steps/sandbox.ts";
import { services } from "./steps/services.ts";
import { swap } from "./steps/swap.ts";
import { ssh } from "./steps/ssh.ts";
import { units } from "./steps/units.ts";
import { updates } from "./steps/updates.ts";
import { webServer } from "./steps/web-server.ts";
import { workspaceDatabase } from "./steps/workspace-database.ts";

/** Everything a server gets, in the order it is shown. */
export const STEPS: readonly Step[] = [
  accounts,
  swap,
  packages,
  clock,
  logs,
  postgres,
  workspaceDatabase,
  redis,
  runtime,
  memoryModel,
  configuration,
  updates,
  kernel,
  docker,
  qdrant,
  webServer,
  certificates,
  permissions,
  sandbox,
  units,
  broker,
  services,
  loginKey,
  admin,
  fail2ban,
  firewall,
  ssh,
];

/** With what is done only when somebody asks for it, after everything else: it restarts what other steps work with. */
export function stepsFor({ packageUpdates: isAsked = false }: Wishes): readonly Step[] {
  return isAsked ? [...STEPS, { ...packageUpdates, needs: STEPS.map(({ id }) => id) }] : STEPS;
}

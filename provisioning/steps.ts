import type { Step } from "./step.ts";
import { admin } from "./steps/admin.ts";
import { accounts } from "./steps/accounts.ts";
import { broker } from "./steps/broker.ts";
import { certificates } from "./steps/certificates.ts";
import { configuration } from "./steps/configuration.ts";
import { loginKey } from "./steps/login-key.ts";
import { packages } from "./steps/packages.ts";
import { permissions } from "./steps/permissions.ts";
import { postgres } from "./steps/postgres.ts";
import { redis } from "./steps/redis.ts";
import { runtime } from "./steps/runtime.ts";
import { services } from "./steps/services.ts";
import { swap } from "./steps/swap.ts";
import { ssh } from "./steps/ssh.ts";
import { units } from "./steps/units.ts";
import { webServer } from "./steps/web-server.ts";
import { workspaceDatabase } from "./steps/workspace-database.ts";

/** Everything a server gets, in the order it is shown. */
export const STEPS: readonly Step[] = [
  accounts,
  swap,
  packages,
  postgres,
  workspaceDatabase,
  redis,
  runtime,
  configuration,
  webServer,
  certificates,
  permissions,
  units,
  broker,
  services,
  loginKey,
  admin,
  ssh,
];

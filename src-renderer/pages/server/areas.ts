import type { PlannedStep } from "../../../contract/provision.ts";

/** What the areas of a plan are called. */
export const AREAS: Record<PlannedStep["area"], string> = {
  system: "System",
  data: "Databases",
  web: "Web server",
  runtime: "Runtime",
  team: "Team",
  security: "Security",
};

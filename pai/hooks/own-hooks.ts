import { beforeCompact } from "./before-compact.ts";
import { captureLearning } from "./capture-learning.ts";
import { captureRating } from "./capture-rating.ts";
import { captureSession } from "./capture-session.ts";
import type { OwnHook } from "./hook.ts";
import { securityValidator } from "./security-validator.ts";
import { toolTrace } from "./tool-trace.ts";

/** By the name that settings give after `{hooks}`. */
export const ownHooks: ReadonlyMap<string, OwnHook> = new Map([
  ["security-validator", securityValidator],
  ["capture-session", captureSession],
  ["capture-rating", captureRating],
  ["capture-learning", captureLearning],
  ["tool-trace", toolTrace],
  ["before-compact", beforeCompact],
]);

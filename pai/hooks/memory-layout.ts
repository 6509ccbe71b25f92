import path from "node:path";
import type { HookPlace } from "./hook.ts";
import { safeName } from "./memory-files.ts";

/** Of the Algorithm, in its order. */
export const PHASES = ["OBSERVE", "THINK", "PLAN", "BUILD", "EXECUTE", "VERIFY", "LEARN"] as const;
export type Phase = (typeof PHASES)[number];

export function memoryOf(place: Pick<HookPlace, "paiDir">): string {
  return path.join(place.paiDir, "MEMORY");
}

export function ratingsFile(place: HookPlace): string {
  return path.join(memoryOf(place), "Signals", "ratings.jsonl");
}

/** Hot memory: what the running work did, call by call. */
export function traceFile(place: HookPlace, session: string): string {
  return path.join(memoryOf(place), "Work", "active", safeName(session), "TRACE.jsonl");
}

export function archiveFolder(place: HookPlace, session: string): string {
  return path.join(memoryOf(place), "Work", "archive", safeName(session));
}

export function checkpointFolder(place: HookPlace, session: string): string {
  return path.join(memoryOf(place), "Work", "active", safeName(session), "checkpoints");
}

export function learningFolder(place: HookPlace, phase: Phase): string {
  return path.join(memoryOf(place), "Learning", phase, place.now.toISOString().slice(0, 7));
}

export function sessionsFolder(place: HookPlace): string {
  return path.join(memoryOf(place), "Learning", "sessions", place.now.toISOString().slice(0, 7));
}

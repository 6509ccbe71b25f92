import { create } from "zustand";
import type { AuditVerdict } from "../../../contract/audit-check.ts";
import type { WireError } from "../../../contract/errors.ts";
import { EMPTY_TRAIL, type Trail } from "./trail.ts";

/** A check of the whole trail. */
export type Check =
  | { readonly state: "none" }
  | { readonly state: "running"; readonly checked: number; readonly total: number | null }
  | { readonly state: "ended"; readonly verdict: AuditVerdict; readonly at: number }
  | { readonly state: "failed"; readonly error: WireError };

interface Audit {
  readonly trails: Readonly<Record<string, Trail>>;
  readonly checks: Readonly<Record<string, Check>>;
}

/** One trail per server, kept while the app runs, so that coming back shows what was there. */
const useAudit = create<Audit>()(() => ({ trails: {}, checks: {} }));

const NO_CHECK: Check = { state: "none" };

export function readTrail(serverId: string): Trail {
  return useAudit.getState().trails[serverId] ?? EMPTY_TRAIL;
}

export function useTrail<T>(serverId: string, select: (trail: Trail) => T): T {
  return useAudit(({ trails }) => select(trails[serverId] ?? EMPTY_TRAIL));
}

export function updateTrail(serverId: string, change: (trail: Trail) => Trail): void {
  useAudit.setState(({ trails }) => ({
    trails: { ...trails, [serverId]: change(trails[serverId] ?? EMPTY_TRAIL) },
  }));
}

export function useCheck(serverId: string): Check {
  return useAudit(({ checks }) => checks[serverId] ?? NO_CHECK);
}

export function setCheck(serverId: string, check: Check): void {
  useAudit.setState(({ checks }) => ({ checks: { ...checks, [serverId]: check } }));
}

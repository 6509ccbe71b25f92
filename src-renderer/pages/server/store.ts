import { create } from "zustand";
import type { WireError } from "../../../contract/errors.ts";
import type { Plan } from "../../../contract/provision.ts";
import type { ModelName } from "../../../contract/status.ts";
import { NO_RUN, type Run } from "./run.ts";

/** What the server page holds about one server. */
export interface Provisioning {
  readonly plan:
    | { readonly state: "none" }
    | { readonly state: "reading" }
    | { readonly state: "ready"; readonly plan: Plan }
    | { readonly state: "failed"; readonly error: WireError };
  readonly run: Run;
  /** A run or its removal has been asked for and its first event is awaited. */
  readonly starting: boolean;
  /** Null: as the server has it. */
  readonly model: ModelName | null;
}

const EMPTY: Provisioning = { plan: { state: "none" }, run: NO_RUN, starting: false, model: null };

const useProvisionings = create<{ readonly byServer: Readonly<Record<string, Provisioning>> }>()(() => ({
  byServer: {},
}));

export function readProvisioning(serverId: string): Provisioning {
  return useProvisionings.getState().byServer[serverId] ?? EMPTY;
}

export function useProvisioning(serverId: string): Provisioning {
  return useProvisionings((state) => state.byServer[serverId] ?? EMPTY);
}

export function updateProvisioning(serverId: string, change: (before: Provisioning) => Partial<Provisioning>): void {
  useProvisionings.setState(({ byServer }) => {
    const before = byServer[serverId] ?? EMPTY;
    return { byServer: { ...byServer, [serverId]: { ...before, ...change(before) } } };
  });
}

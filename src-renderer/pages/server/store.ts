import { create } from "zustand";
import type { WireError } from "../../../contract/errors.ts";
import type { Plan, Wishes } from "../../../contract/provision.ts";
import type { ServerOverview } from "../../../contract/server-overview.ts";
import { NO_RUN, type Run } from "./run.ts";

/** What the server page holds about one server. */
export interface Provisioning {
  readonly plan:
    | { readonly state: "none" }
    | { readonly state: "reading" }
    | { readonly state: "ready"; readonly plan: Plan }
    | { readonly state: "failed"; readonly error: WireError };
  readonly overview: OverviewState;
  readonly run: Run;
  /** A run or its removal has been asked for and its first event is awaited. */
  readonly starting: boolean;
  /** The person has seen how the run ended: the present plan is shown again. */
  readonly isRunSeen: boolean;
  /** The run has been told to stop and has not ended yet. */
  readonly stopping: boolean;
  /** What a person chose here; what is not given is as the server has it. */
  readonly wishes: Wishes;
}

export type OverviewState =
  | { readonly state: "none" }
  | { readonly state: "reading" }
  /** `error`: why it could not be read again since. */
  | { readonly state: "ready"; readonly overview: ServerOverview; readonly error: WireError | null }
  | { readonly state: "failed"; readonly error: WireError };

const EMPTY: Provisioning = {
  plan: { state: "none" },
  overview: { state: "none" },
  run: NO_RUN,
  starting: false,
  isRunSeen: false,
  stopping: false,
  wishes: {},
};

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

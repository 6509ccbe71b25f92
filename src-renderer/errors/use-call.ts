import { useState } from "react";
import type { WireError } from "../../contract/errors.ts";
import { pageError } from "./page-error.ts";

/** Runs an action of a part and keeps what became of it: under way, failed, or done. */
export function useCall() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<WireError | null>(null);

  /** True when the action succeeded. */
  async function run(action: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setError(null);
    try {
      await action();
      return true;
    } catch (thrown) {
      setError(pageError(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, error, run, clear: () => setError(null) };
}

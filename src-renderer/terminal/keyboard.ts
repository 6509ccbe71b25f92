import { create } from "zustand";
import type { WindowName } from "../../contract/agents.ts";

/**
 * The terminal that a person asked for, until it has the keyboard. One that is shown for another reason, such as a start
 * of the app, takes it from nobody.
 */
export const useKeyboardWish = create<{ readonly window: WindowName | null }>()(() => ({ window: null }));

export function typeInto(window: WindowName | null): void {
  useKeyboardWish.setState({ window });
}

/** True once for the terminal that is asked for now, whatever was asked for when it was drawn. */
export function takeKeyboard(window: WindowName): boolean {
  if (useKeyboardWish.getState().window !== window) return false;
  typeInto(null);
  return true;
}

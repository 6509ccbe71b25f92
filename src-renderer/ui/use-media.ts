import { useSyncExternalStore } from "react";

/** Whether a media query holds, followed as the window changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const list = matchMedia(query);
      list.addEventListener("change", changed);
      return () => list.removeEventListener("change", changed);
    },
    () => matchMedia(query).matches,
  );
}

const SHEET_LAYOUT = "(max-width: 899px)";
export const isSheetLayout = (): boolean => matchMedia(SHEET_LAYOUT).matches;
export const useSheetLayout = (): boolean => useMedia(SHEET_LAYOUT);
export const usePhoneLayout = (): boolean => useMedia("(max-width: 639px)");

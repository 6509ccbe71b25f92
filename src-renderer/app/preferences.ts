import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { WindowName } from "../../contract/agents.ts";
import { typeInto } from "../terminal/keyboard.ts";
import { isSheetLayout, useSheetLayout } from "../ui/use-media.ts";

export type Theme = "system" | "light" | "dark";

/** What a person arranged, remembered on this computer. */
export interface Preferences {
  readonly theme: Theme;
  readonly sidebarNarrow: boolean;
  readonly panelOpen: boolean;
  /** Over the page, where there is no room beside it. Opened by a person only, so it is not remembered. */
  readonly sheetOpen: boolean;
  readonly tabs: readonly WindowName[];
  readonly activeTab: WindowName | null;
  /** The terminal that stays beside the one in front. */
  readonly beside: WindowName | null;
  readonly panelLayout: Readonly<Record<string, number>> | null;
}

const DEFAULTS: Preferences = {
  theme: "system",
  sidebarNarrow: false,
  panelOpen: false,
  sheetOpen: false,
  tabs: [],
  activeTab: null,
  beside: null,
  panelLayout: null,
};

export const usePreferences = create<Preferences>()(
  persist(() => DEFAULTS, {
    name: "ai-infra.preferences",
    partialize: (state) => ({ ...state, sheetOpen: false }),
  }),
);

export function openTab(tabs: readonly WindowName[], tab: WindowName): readonly WindowName[] {
  return tabs.includes(tab) ? tabs : [...tabs, tab];
}

/** The tabs without one of them, and which tab is in front then: its right neighbour, else its left one. */
export function closeTab(
  state: Pick<Preferences, "tabs" | "activeTab">,
  tab: WindowName,
): Pick<Preferences, "tabs" | "activeTab"> {
  const index = state.tabs.indexOf(tab);
  const tabs = state.tabs.filter((other) => other !== tab);
  if (state.activeTab !== tab) return { tabs, activeTab: state.activeTab };
  return { tabs, activeTab: tabs[index] ?? tabs[index - 1] ?? null };
}

export function openTerminal(window: WindowName): void {
  typeInto(window);
  usePreferences.setState(({ tabs }) => ({ tabs: openTab(tabs, window), activeTab: window, [shownAs()]: true }));
}

export function hideTerminals(): void {
  usePreferences.setState({ [shownAs()]: false });
}

/** Where terminals are shown in a window of this width. */
function shownAs(): "panelOpen" | "sheetOpen" {
  return isSheetLayout() ? "sheetOpen" : "panelOpen";
}

export function useTerminalsShown(): boolean {
  const key = useSheetLayout() ? "sheetOpen" : "panelOpen";
  return usePreferences((state) => state[key]);
}

/** What is open over the page goes beside it when there is room. */
export function moveSheetBeside(): void {
  if (usePreferences.getState().sheetOpen) usePreferences.setState({ sheetOpen: false, panelOpen: true });
}

export function closeTerminal(window: WindowName): void {
  usePreferences.setState((state) => {
    const rest = closeTab(state, window);
    const beside = state.beside === window ? null : state.beside;
    if (rest.activeTab !== state.activeTab) typeInto(rest.activeTab);
    const isLast = rest.tabs.length === 0;
    return { ...rest, beside, ...(isLast && { panelOpen: false, sheetOpen: false }) };
  });
}

export function closeOtherTerminals(window: WindowName): void {
  usePreferences.setState({ tabs: [window], activeTab: window, beside: null });
}

export function toggleBeside(window: WindowName): void {
  usePreferences.setState(({ beside }) => ({ beside: beside === window ? null : window }));
}

/** Opens the panel on the supervisor when no terminal is in it yet. */
export function togglePanel(): void {
  const { tabs, activeTab, [shownAs()]: isShown } = usePreferences.getState();
  if (!isShown && tabs.length === 0) openTerminal("supervisor");
  else {
    if (!isShown) typeInto(activeTab);
    usePreferences.setState({ [shownAs()]: !isShown });
  }
}

/** Puts the theme on the document, now and on every change. */
export function applyTheme(): () => void {
  const apply = ({ theme }: Preferences) => {
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
  };
  apply(usePreferences.getState());
  return usePreferences.subscribe(apply);
}

export function isDark(theme: Theme): boolean {
  return theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}

export function toggleTheme(): void {
  usePreferences.setState(({ theme }) => ({ theme: isDark(theme) ? "light" : "dark" }));
}

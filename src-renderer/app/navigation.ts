import { create } from "zustand";

export const PAGES = [
  "chat",
  "agents",
  "tasks",
  "terminals",
  "spend",
  "audit",
  "snapshots",
  "server",
  "settings",
] as const;
export type Page = (typeof PAGES)[number];

export interface Place {
  readonly page: Page;
  /** What is open on the page, such as a task. */
  readonly detail: string | null;
}

/** Reads `#/tasks/abc`; anything else is the chat. */
export function parsePlace(hash: string): Place {
  const [page, detail] = hash.replace(/^#\/?/, "").split("/");
  const known = PAGES.find((name) => name === page);
  return { page: known ?? "chat", detail: known && detail ? decodeURIComponent(detail) : null };
}

export const usePlace = create<Place>()(() => parsePlace(location.hash));

/** Goes to a page; the address carries it, so that back, forward and reload work. */
export function go(page: Page, detail: string | null = null): void {
  location.hash = detail ? `#/${page}/${encodeURIComponent(detail)}` : `#/${page}`;
  usePlace.setState({ page, detail });
}

export function followAddress(): () => void {
  const follow = () => usePlace.setState(parsePlace(location.hash));
  window.addEventListener("hashchange", follow);
  return () => window.removeEventListener("hashchange", follow);
}

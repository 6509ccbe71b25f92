import { create } from "zustand";

/** Which of the frame's floating windows is open; one at a time. */
export interface Floating {
  readonly open: "none" | "palette" | "shortcuts" | "add_server" | "question";
}

export const useFloating = create<Floating>()(() => ({ open: "none" }));

export function showFloating(open: Floating["open"]): void {
  useFloating.setState({ open });
}

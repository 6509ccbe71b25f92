/** What each level is called. */
export const LEVELS = ["restricted", "standard", "elevated", "privileged"] as const;

export interface Notice {
  readonly title: string;
  readonly body: string;
  /** The person chose it. */
  readonly onOpen: () => void;
}

/** How a shell tells a person who is looking elsewhere. The operating system decides whether it may disturb. */
export interface Notifier {
  /** Gives what takes it back. */
  show(notice: Notice): () => void;
  /** Whether the person has the app's window before them. */
  isLookedAt(): boolean;
}

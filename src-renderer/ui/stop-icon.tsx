interface StopIconProps {
  readonly className?: string;
  readonly "aria-hidden"?: boolean;
}

/** A filled square, as on every player; an outlined one would look like a box to tick. */
export function StopIcon(props: StopIconProps) {
  return (
    <svg viewBox="0 0 24 24" fill="currentColor" {...props}>
      <rect x="6.5" y="6.5" width="11" height="11" rx="2" />
    </svg>
  );
}

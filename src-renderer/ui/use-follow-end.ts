import { useCallback, useEffect, useRef, type RefObject } from "react";

/** Closer to the end than this counts as at the end. */
const END_PX = 32;

export interface FollowEnd {
  /** The element that scrolls, and the one that grows in it. */
  readonly viewRef: RefObject<HTMLDivElement | null>;
  readonly contentRef: RefObject<HTMLDivElement | null>;
  readonly isAtEnd: () => boolean;
  /** Goes there, and stays there while the content grows. */
  readonly toEnd: () => void;
  readonly onScroll: () => void;
}

/** Keeps the end of a growing list in view, for as long as the person has not scrolled away from it. */
export function useFollowEnd(): FollowEnd {
  const viewRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const lastTop = useRef(0);

  const toEnd = useCallback(() => {
    atEnd.current = true;
    const view = viewRef.current;
    if (view) view.scrollTop = view.scrollHeight;
  }, []);
  const isAtEnd = useCallback(() => atEnd.current, []);
  const onScroll = useCallback(() => {
    const view = viewRef.current;
    if (!view) return;
    const isThere = view.scrollHeight - view.scrollTop - view.clientHeight < END_PX;
    // Only a move upwards leaves the end: what has just grown below tells of its scrolling a moment late.
    if (isThere || view.scrollTop < lastTop.current) atEnd.current = isThere;
    lastTop.current = view.scrollTop;
  }, []);

  useEffect(() => {
    const [view, content] = [viewRef.current, contentRef.current];
    if (!view || !content) return;
    const observer = new ResizeObserver(() => {
      if (atEnd.current) view.scrollTop = view.scrollHeight;
    });
    observer.observe(content);
    observer.observe(view);
    return () => observer.disconnect();
  }, []);

  return { viewRef, contentRef, isAtEnd, toEnd, onScroll };
}

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { loadOlder } from "../../team/actions.ts";

const PAGE_ENTRIES = 80;
/** Closer to the end than this counts as at the end. */
const END_PX = 32;
const NEAR_TOP_PX = 600;

interface ThreadScrollParts {
  readonly serverId: string;
  readonly count: number;
  /** Changes when something is added at the end. */
  readonly newest: string;
}

/**
 * Follows the end of the conversation only while the person is there; elsewhere nothing moves under their eyes and new
 * content is announced instead.
 */
export function useThreadScroll({ serverId, count, newest }: ThreadScrollParts) {
  const viewRef = useRef<HTMLDivElement>(null);
  const contentRef = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [shown, setShown] = useState(PAGE_ENTRIES);
  const [unseen, setUnseen] = useState(false);

  const seen = useRef("");
  const lastCount = useRef(count);

  const toEnd = useCallback(() => {
    atEnd.current = true;
    setUnseen(false);
    const view = viewRef.current;
    if (view) view.scrollTop = view.scrollHeight;
  }, []);

  useLayoutEffect(() => {
    if (seen.current === newest) return;
    seen.current = newest;
    const added = count - lastCount.current;
    if (atEnd.current) toEnd();
    else {
      setUnseen(true);
      setShown((before) => before + Math.max(added, 0));
    }
  }, [newest, count, toEnd]);

  useEffect(() => {
    lastCount.current = count;
  }, [count]);

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

  function onScroll(): void {
    const view = viewRef.current;
    if (!view) return;
    atEnd.current = view.scrollHeight - view.scrollTop - view.clientHeight < END_PX;
    if (atEnd.current) setUnseen(false);
    if (view.scrollTop > NEAR_TOP_PX) return;
    // The browser keeps the place when something is put above it, except at the very top.
    if (view.scrollTop === 0) view.scrollTop = 1;
    if (shown < count) setShown((before) => Math.min(before + PAGE_ENTRIES, count + PAGE_ENTRIES));
    else void loadOlder(serverId);
  }

  return { viewRef, contentRef, shown, unseen, onScroll, toEnd };
}

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { loadOlder } from "../../team/actions.ts";
import { useFollowEnd } from "../../ui/use-follow-end.ts";

const PAGE_ENTRIES = 80;
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
  const { viewRef, contentRef, isAtEnd, toEnd: followEnd, onScroll: noticeScroll } = useFollowEnd();
  const [shown, setShown] = useState(PAGE_ENTRIES);
  const [unseen, setUnseen] = useState(false);

  const seen = useRef("");
  const lastCount = useRef(count);

  const toEnd = useCallback(() => {
    setUnseen(false);
    followEnd();
  }, [followEnd]);

  useLayoutEffect(() => {
    if (seen.current === newest) return;
    seen.current = newest;
    const added = count - lastCount.current;
    if (isAtEnd()) followEnd();
    else {
      // oxlint-disable-next-line react/set-state-in-effect -- Where the person has scrolled to is known to the document alone.
      setUnseen(true);
      setShown((before) => before + Math.max(added, 0));
    }
  }, [newest, count, isAtEnd, followEnd]);

  useEffect(() => {
    lastCount.current = count;
  }, [count]);

  function onScroll(): void {
    const view = viewRef.current;
    if (!view) return;
    noticeScroll();
    if (isAtEnd()) setUnseen(false);
    if (view.scrollTop > NEAR_TOP_PX) return;
    // The browser keeps the place when something is put above it, except at the very top.
    if (view.scrollTop === 0) view.scrollTop = 1;
    if (shown < count) setShown((before) => Math.min(before + PAGE_ENTRIES, count + PAGE_ENTRIES));
    else void loadOlder(serverId);
  }

  return { viewRef, contentRef, shown, unseen, onScroll, toEnd };
}

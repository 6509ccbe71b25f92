import { lazy, Suspense } from "react";

const load = () => import("./markdown.tsx").then((part) => ({ default: part.Markdown }));
const Loaded = lazy(load);

/** Fetched once the page stands, so that the first message finds it there. */
export function preloadMarkdown(): void {
  requestIdleCallback(() => void load());
}

interface LazyMarkdownProps {
  readonly text: string;
  readonly streaming?: boolean;
}

export function LazyMarkdown(props: LazyMarkdownProps) {
  return (
    <Suspense fallback={<div className="whitespace-pre-wrap wrap-anywhere">{props.text}</div>}>
      <Loaded {...props} />
    </Suspense>
  );
}

import { useEffect, useState } from "react";
import { CopyButton } from "./copy-button.tsx";
import type { CodeLine } from "./highlight.ts";

interface CodeBlockProps {
  readonly code: string;
  readonly language: string;
}

/** Code with its language and a copy button. Plain at first; colours arrive without changing its size. */
export function CodeBlock({ code, language }: CodeBlockProps) {
  const lines = useHighlighted(code, language);
  return (
    <div className="card mb-2.5 overflow-hidden bg-code last:mb-0">
      <div className="flex h-8 items-center justify-between border-b border-line bg-panel pr-1 pl-3">
        <span className="font-mono text-tiny text-faint">{language || "text"}</span>
        <CopyButton text={code} label="Copy code" />
      </div>
      <pre
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- A region that scrolls must be reachable by keyboard.
        tabIndex={0}
        aria-label={language ? `Code, ${language}` : "Code"}
        className="overflow-x-auto px-3 py-2.5 font-mono text-[12.5px] leading-[1.6]"
      >
        <code>{lines ? lines.map(drawLine) : code}</code>
      </pre>
    </div>
  );
}

function drawLine(line: CodeLine, index: number) {
  return (
    <span key={index}>
      {index > 0 && "\n"}
      {line.map((token, at) => (
        <span key={at} style={token.color ? { color: token.color } : undefined}>
          {token.text}
        </span>
      ))}
    </span>
  );
}

function useHighlighted(code: string, language: string): readonly CodeLine[] | null {
  const [done, setDone] = useState<{ code: string; lines: readonly CodeLine[] } | null>(null);
  useEffect(() => {
    let stale = false;
    async function colour(): Promise<void> {
      const { highlight } = await import("./highlight.ts");
      const lines = await highlight(code, language);
      if (!stale && lines) setDone({ code, lines });
    }
    void colour();
    return () => {
      stale = true;
    };
  }, [code, language]);
  if (!done) return null;
  if (done.code === code) return done.lines;
  return code.startsWith(done.code) ? withPlainRest(done, code) : null;
}

/** While code is being written its beginning keeps the colours it has. */
function withPlainRest(done: { code: string; lines: readonly CodeLine[] }, code: string): readonly CodeLine[] {
  const [sameLine = "", ...rest] = code.slice(done.code.length).split("\n");
  const last = done.lines.at(-1) ?? [];
  return [
    ...done.lines.slice(0, -1),
    [...last, { text: sameLine, color: "" }],
    ...rest.map((text) => [{ text, color: "" }]),
  ];
}

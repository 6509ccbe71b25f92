import { isValidElement, memo, type ReactNode } from "react";
import { Streamdown, type Components, type ExtraProps } from "streamdown";
import { CodeBlock } from "./code-block.tsx";

interface MarkdownProps {
  readonly text: string;
  /** Still being written: open marks at its end are closed for show. */
  readonly streaming?: boolean;
}

/** Markdown from an agent: sanitised, with code highlighted, drawn again only where it changed. */
export const Markdown = memo(function Markdown({ text, streaming = false }: MarkdownProps) {
  return (
    <Streamdown
      className="prose space-y-0"
      // One mode for both moments: a message that is finished keeps the very elements it was written into.
      mode="streaming"
      parseIncompleteMarkdown={streaming}
      components={COMPONENTS}
      controls={false}
    >
      {text}
    </Streamdown>
  );
});

type Part = ExtraProps & { readonly children?: ReactNode };

const COMPONENTS = {
  h1: ({ children }: Part) => <h3>{children}</h3>,
  h2: ({ children }: Part) => <h3>{children}</h3>,
  h3: ({ children }: Part) => <h3>{children}</h3>,
  h4: ({ children }: Part) => <h4>{children}</h4>,
  h5: ({ children }: Part) => <h4>{children}</h4>,
  h6: ({ children }: Part) => <h4>{children}</h4>,
  p: ({ children }: Part) => <p>{children}</p>,
  ul: ({ children }: Part) => <ul>{children}</ul>,
  ol: ({ children, start }: Part & { readonly start?: number | undefined }) => <ol start={start}>{children}</ol>,
  li: ({ children }: Part) => <li>{children}</li>,
  strong: ({ children }: Part) => <strong>{children}</strong>,
  blockquote: ({ children }: Part) => <blockquote>{children}</blockquote>,
  hr: () => <hr />,
  a: ({ children, href }: Part & { readonly href?: string | undefined }) => (
    <a href={href} target="_blank" rel="noreferrer noopener">
      {children}
    </a>
  ),
  table: ({ children }: Part) => (
    <div className="mb-2 overflow-x-auto">
      <table>{children}</table>
    </div>
  ),
  thead: ({ children }: Part) => <thead>{children}</thead>,
  tbody: ({ children }: Part) => <tbody>{children}</tbody>,
  tr: ({ children }: Part) => <tr>{children}</tr>,
  th: ({ children }: Part) => <th>{children}</th>,
  td: ({ children }: Part) => <td>{children}</td>,
  inlineCode: ({ children }: Part) => <code className="inline-code">{children}</code>,
  code: ({ children, className }: Part & { readonly className?: string | undefined }) => (
    <CodeBlock
      code={textOf(children).replace(/\n$/, "")}
      language={/language-(\S+)/.exec(className ?? "")?.[1] ?? ""}
    />
  ),
} as Components;

function textOf(node: ReactNode): string {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (Array.isArray(node)) return node.map(textOf).join("");
  return isValidElement<Part>(node) ? textOf(node.props.children) : "";
}

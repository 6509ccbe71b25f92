import { durationText } from "../../../contract/duration-text.ts";
import type { Message } from "../../../contract/chat.ts";
import { Folded } from "../../ui/folded.tsx";
import { LazyMarkdown } from "../../ui/lazy-markdown.tsx";
import { Duration } from "../../ui/time.tsx";

/** What a model thought before it spoke or acted: one quiet line, open for whoever wants to know. */
export function Thought({ message, thinking }: { readonly message: Message; readonly thinking: boolean }) {
  return (
    <Folded summary={thinking ? <Thinking since={message.at} /> : thoughtWords(message.ms)}>
      <div className="border-l-2 border-line pl-3 text-dim">
        <LazyMarkdown text={message.text} streaming={thinking} />
      </div>
    </Folded>
  );
}

function Thinking({ since }: { readonly since: string }) {
  return (
    <span>
      Thinking · <Duration from={since} to={null} />
    </span>
  );
}

/** "Thought for 12 s"; without a time when nobody took it. */
export function thoughtWords(ms: number | undefined): string {
  return ms === undefined ? "Thought" : `Thought for ${durationText(ms)}`;
}

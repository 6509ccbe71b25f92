/** Keeps the beginning and the end of a long text, which say more than its middle. */
export function createEndsKeeper(limit: number): { add(text: string): void; read(): string } {
  const half = Math.floor(limit / 2);
  let head = "";
  let tail = "";
  let dropped = 0;
  return {
    add(text) {
      const toHead = text.slice(0, Math.max(0, half - head.length));
      head += toHead;
      tail += text.slice(toHead.length);
      if (tail.length <= half) return;
      dropped += tail.length - half;
      tail = tail.slice(-half);
    },
    read: () => (dropped === 0 ? head + tail : `${head}\n… ${dropped} characters left out …\n${tail}`),
  };
}

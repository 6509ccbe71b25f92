/** Two moments of an awaited text, in milliseconds after the last key went down, and what came until then. */
export interface Echo {
  /** The terminal had taken it into its screen's buffer and said so to the host. */
  readonly buffered: number;
  /** It stood in the page. */
  readonly drawn: number;
  readonly bytes: number;
}

export interface TerminalProbe {
  /** The next key starts the clock; `sent` is looked for in what arrives from then on, `shown` in the screen's rows. */
  expect(sent: string, shown: string): void;
  /** Resolves when both have come. */
  echo(): Promise<Echo>;
}

/**
 * Watches the terminals of a page from inside it, without any help of the page: keys, frames of the terminal channels,
 * the credit the terminal gives back once a frame is in its buffer, and the rows it draws. Runs before the page's own
 * scripts; it is sent to the page as text, so it may use nothing from outside.
 */
export function installTerminalProbe(): void {
  const TAIL = 4096;
  const decoder = new TextDecoder();
  let wanted = { sent: "", shown: "" };
  let tail = "";
  let startedAt = 0;
  let bytes = 0;
  let frames = 0;
  let credits = 0;
  let creditAwaited = Infinity;
  let times: { buffered: number | null; drawn: number | null } = { buffered: null, drawn: null };
  let done = Promise.withResolvers<Echo>();

  const finish = (): void => {
    const { buffered, drawn } = times;
    if (buffered !== null && drawn !== null) done.resolve({ buffered, drawn, bytes });
  };
  const received = (frame: Uint8Array): void => {
    frames += 1;
    bytes += frame.byteLength;
    if (startedAt === 0 || creditAwaited !== Infinity) return;
    // oxlint-disable-next-line no-control-regex -- escape sequences are what this removes.
    const text = decoder.decode(frame.subarray(-TAIL)).replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "");
    tail = (tail + text).slice(-TAIL);
    if (tail.includes(wanted.sent)) creditAwaited = frames;
  };
  const credited = (): void => {
    credits += 1;
    if (credits < creditAwaited || times.buffered !== null) return;
    times.buffered = performance.now() - startedAt;
    finish();
  };
  const looked = (): void => {
    if (startedAt === 0 || times.drawn !== null || wanted.shown === "") return;
    const rows = [...document.querySelectorAll(".xterm-rows")].map((element) => element.textContent).join("\n");
    if (!rows.includes(wanted.shown)) return;
    times.drawn = performance.now() - startedAt;
    finish();
  };

  class WatchedSocket extends WebSocket {
    readonly #isTerminal: boolean;
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.#isTerminal = String(url).includes("/channel/terminal/");
      if (!this.#isTerminal) return;
      this.addEventListener("message", ({ data }) => data instanceof ArrayBuffer && received(new Uint8Array(data)));
    }
    override send(frame: string | Blob | BufferSource): void {
      super.send(frame);
      if (this.#isTerminal && typeof frame === "string" && frame.includes('"ack"')) credited();
    }
  }
  window.WebSocket = WatchedSocket;
  const onKey = (event: KeyboardEvent): void => {
    if (wanted.sent !== "" && event.key !== "Control") startedAt ||= performance.now();
  };
  window.addEventListener("keydown", onKey, { capture: true });
  new MutationObserver(looked).observe(document, { subtree: true, childList: true, characterData: true });

  const probe: TerminalProbe = {
    expect(sent, shown) {
      wanted = { sent, shown };
      [tail, startedAt, bytes, creditAwaited] = ["", 0, 0, Infinity];
      times = { buffered: null, drawn: null };
      done = Promise.withResolvers();
    },
    echo: () => done.promise,
  };
  Object.assign(window, { terminalProbe: probe });
}

declare global {
  // oxlint-disable-next-line typescript/consistent-type-definitions -- joins the browser's own interface.
  interface Window {
    readonly terminalProbe: TerminalProbe;
  }
}

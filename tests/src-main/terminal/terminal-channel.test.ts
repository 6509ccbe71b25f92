import { expect, it } from "vitest";
import { HIGH_WATER_BYTES, LOW_WATER_BYTES, type TerminalRequest } from "../../../contract/terminal.ts";
import type { Links, TerminalEnd, TerminalSize } from "../../../src-main/servers/link.ts";
import { serveTerminalChannel } from "../../../src-main/terminal/terminal-channel.ts";
import { channelPair } from "../../support/channel-pair.ts";

/** A terminal on a server, steered by the test. */
function fakeTerminal(size: TerminalSize) {
  const calls: string[] = [`open ${size.columns}x${size.rows}`];
  let output: (bytes: Uint8Array<ArrayBuffer>) => void = () => {};
  let end: (how: TerminalEnd) => void = () => {};
  let waiting = 0;
  const stream = {
    write: (bytes: Uint8Array) => void calls.push(`write ${Buffer.from(bytes).toString()}`),
    resize: ({ columns, rows }: TerminalSize) => void calls.push(`resize ${columns}x${rows}`),
    pause: () => void calls.push("pause"),
    resume: () => void calls.push("resume"),
    waiting: () => waiting,
    onData: (listener: typeof output) => void (output = listener),
    onEnd: (listener: typeof end) => void (end = listener),
    close: () => void calls.push("close"),
  };
  return {
    stream,
    calls,
    print: (bytes: number) => output(new Uint8Array(bytes)),
    wait: (bytes: number) => void (waiting = bytes),
    end: (how: TerminalEnd) => end(how),
  };
}

function open() {
  const pair = channelPair();
  const opened: ReturnType<typeof fakeTerminal>[] = [];
  const links = {
    whenOnline: async () => ({
      openTerminal: async (_window: string, size: TerminalSize) => {
        const terminal = fakeTerminal(size);
        opened.push(terminal);
        return terminal.stream;
      },
    }),
  };
  serveTerminalChannel(pair.channel, { links: links as unknown as Links, serverId: "s1", window: "code" });
  const tell = (request: TerminalRequest) => pair.send(JSON.stringify(request));
  const notices = () => pair.received.filter((frame) => typeof frame === "string").map((text) => JSON.parse(text));
  const terminal = async (index: number) => {
    await expect.poll(() => opened.length, { timeout: 5000 }).toBe(index + 1);
    await expect.poll(() => notices().filter(({ type }) => type === "attached").length).toBe(index + 1);
    return opened[index] ?? Promise.reject(new Error("no terminal"));
  };
  return { pair, opened, tell, notices, terminal };
}

it("attaches with the page's size, and passes keys and changes of size on", async () => {
  const { pair, tell, terminal, notices } = open();
  tell({ type: "resize", columns: 100, rows: 30 });
  const { calls } = await terminal(0);
  pair.send(new TextEncoder().encode("ls\r"));
  tell({ type: "resize", columns: 90, rows: 20 });
  expect(calls).toEqual(["open 100x30", "resize 100x30", "write ls\r", "resize 90x20"]);
  expect(notices()).toEqual([{ type: "attached" }]);
});

it("stops the output above the high water mark until the page has drawn down to the low one", async () => {
  const { tell, terminal } = open();
  tell({ type: "resize", columns: 80, rows: 24 });
  const { calls, print } = await terminal(0);
  print(HIGH_WATER_BYTES);
  expect(calls).not.toContain("pause");
  print(1);
  expect(calls.at(-1)).toBe("pause");
  tell({ type: "ack", bytes: HIGH_WATER_BYTES - LOW_WATER_BYTES });
  expect(calls.at(-1)).toBe("pause");
  tell({ type: "ack", bytes: 1 });
  expect(calls.at(-1)).toBe("resume");
});

const CTRL_C = "\u0003";

it("shows what is there at once when Ctrl-C is pressed while much waits, and loses no key meanwhile", async () => {
  const { pair, tell, terminal, opened, notices } = open();
  const type = (text: string) => pair.send(new TextEncoder().encode(text));
  tell({ type: "resize", columns: 80, rows: 24 });
  const first = await terminal(0);
  first.print(HIGH_WATER_BYTES + 1);
  first.wait(1_000_000);
  type("x");
  expect(opened).toHaveLength(1);
  type(CTRL_C);
  first.print(5000);
  type("ls\r");
  const second = await terminal(1);
  expect(first.calls.slice(-5)).toEqual(["pause", "write x", `write ${CTRL_C}`, "write ls\r", "close"]);
  expect(second.calls).toEqual(["open 80x24", "resize 80x24", "pause"]);
  type("q");
  second.print(10);
  expect(second.calls.at(-1)).toBe("write q");
  expect(notices().map(({ type }) => type)).toEqual(["attached", "attached"]);
  const bytes = pair.received.flatMap((frame) => (typeof frame === "string" ? [] : [frame.length]));
  expect(bytes).toEqual([HIGH_WATER_BYTES + 1, 10]);
});

it("keeps its view when Ctrl-C is pressed while little waits", async () => {
  const { pair, tell, terminal, opened } = open();
  tell({ type: "resize", columns: 80, rows: 24 });
  const { calls, wait } = await terminal(0);
  wait(1000);
  pair.send(new TextEncoder().encode(CTRL_C));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([opened.length, calls.at(-1)]).toEqual([1, `write ${CTRL_C}`]);
});

it("attaches again with the last size after the connection was lost", async () => {
  const { tell, terminal, notices } = open();
  tell({ type: "resize", columns: 80, rows: 24 });
  const first = await terminal(0);
  tell({ type: "resize", columns: 132, rows: 50 });
  first.end({ kind: "lost" });
  const second = await terminal(1);
  expect(second.calls[0]).toBe("open 132x50");
  expect(notices().map(({ type }) => type)).toEqual(["attached", "detached", "attached"]);
});

it("ends when the window has ended, saying why", async () => {
  const { tell, terminal, notices } = open();
  tell({ type: "resize", columns: 80, rows: 24 });
  (await terminal(0)).end({ kind: "exited", exitCode: 1, message: "no such window" });
  await expect.poll(() => notices().at(-1)).toEqual({ type: "ended", reason: "no such window" });
});

it("closes its view when the page closes", async () => {
  const { pair, tell, terminal } = open();
  tell({ type: "resize", columns: 80, rows: 24 });
  const { calls } = await terminal(0);
  pair.close();
  expect(calls.at(-1)).toBe("close");
});

const GONE = { kind: "exited", exitCode: 1, message: "" } as const;

it("looks for a window that has gone with the team's tmux server, and tells when it does not come back", async () => {
  const { tell, terminal, notices } = open();
  tell({ type: "resize", columns: 80, rows: 24 });
  const first = await terminal(0);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  first.end(GONE);
  const second = await terminal(1);
  expect(notices().at(-2)).toMatchObject({ type: "detached", reason: expect.stringContaining("starting again") });
  second.end(GONE);
  const third = await terminal(2);
  third.end({ ...GONE, exitCode: 0 });
  await expect.poll(() => notices().at(-1)).toEqual({ type: "ended", reason: "The window was closed" });
});

it("does not wait for a window that was never there", async () => {
  const { tell, terminal, notices, opened } = open();
  tell({ type: "resize", columns: 80, rows: 24 });
  (await terminal(0)).end({ ...GONE, message: "no server running" });
  await expect.poll(() => notices().at(-1)).toEqual({ type: "ended", reason: "no server running" });
  expect(opened).toHaveLength(1);
});

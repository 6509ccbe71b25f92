import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { readRequest } from "../../../server-agent/broker/read-request.ts";

it("reads one line that comes in pieces, cut within a letter, and leaves the rest alone", async () => {
  const input = new PassThrough();
  const line = readRequest(input, () => undefined);
  const bytes = Buffer.from("größe\nmore\n");
  input.write(bytes.subarray(0, 3));
  input.write(bytes.subarray(3));
  expect(await line).toBe("größe");
});

it("tells when the caller hangs up after its line", async () => {
  const input = new PassThrough();
  const gone = new Promise<void>((resolve) => {
    void readRequest(input, resolve);
  });
  input.write("{}\n");
  input.end();
  await expect(gone).resolves.toBeUndefined();
});

it("refuses a line without an end", async () => {
  const cut = new PassThrough();
  const first = readRequest(cut, () => undefined);
  cut.end("{");
  await expect(first).rejects.toThrow("ended before its line did");
  const endless = new PassThrough();
  const second = readRequest(endless, () => undefined);
  endless.write("x".repeat(600_000));
  await expect(second).rejects.toThrow("too long");
});

import { Writable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, it } from "vitest";
import { gatherWrites } from "../../../src-main/ssh/gather-writes.ts";

it("sends the pieces that one turn writes together, in their order", async () => {
  const sent: string[] = [];
  const socket = new Writable({
    write(chunk: Buffer, _encoding, done) {
      sent.push(chunk.toString());
      done();
    },
    writev(pieces, done) {
      sent.push(pieces.map(({ chunk }) => String(chunk)).join(""));
      done();
    },
  });
  gatherWrites(socket);
  for (const piece of ["length", " body", " tag"]) socket.write(piece);
  await nextTurn();
  socket.write("next");
  await nextTurn();
  expect(sent).toEqual(["length body tag", "next"]);
});

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const MODULE = path.resolve(import.meta.dirname, "../../../server-agent/platform/stay-small.ts");

/** Leaves 80 MB that nobody uses, waits, and tells by how many MB it is larger than before. */
const WORK_AND_WAIT = `
  const rss = () => process.memoryUsage.rss() / 1024 / 1024;
  const before = rss();
  const work = () => { const left = Array.from({ length: 400_000 }, (_, n) => ({ n, text: "piece " + n })); return left.length; };
  work();
  setTimeout(() => { console.log(rss() - before); process.exit(); }, 3000);
`;

async function grownAfter(script: string): Promise<number> {
  const argv = ["--input-type=module", "--eval", script];
  return Number((await promisify(execFile)(process.execPath, argv)).stdout);
}

test("a process that waits after work gives its memory back, which it does not do by itself", async () => {
  const start = `import { staySmall } from ${JSON.stringify(MODULE)}; staySmall(new AbortController().signal, 200);`;
  const [byItself = 0, stayingSmall = 0] = await Promise.all(
    [WORK_AND_WAIT, `${start} ${WORK_AND_WAIT}`].map(grownAfter),
  );
  expect(byItself).toBeGreaterThan(15);
  expect(stayingSmall).toBeLessThan(byItself / 2);
});

import { describeFigure, holds, type Bench } from "./figure.ts";
import { pageSize } from "./page-size.ts";

const benches: readonly Bench[] = [pageSize];

/** Prints each figure as a ratio against its baseline of the same run; ends with 1 when a bar is missed. */
const chosen = process.argv.slice(2);
let missed = 0;
for (const bench of benches.filter(({ name }) => chosen.length === 0 || chosen.includes(name))) {
  const why = bench.unavailable();
  if (why !== null) {
    console.log(`skip ${bench.name}: ${why}`);
    continue;
  }
  for (const figure of await bench.run()) {
    console.log(describeFigure(figure));
    if (!holds(figure)) missed += 1;
  }
}
process.exitCode = missed > 0 ? 1 : 0;

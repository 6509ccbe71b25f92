import { expect, it } from "vitest";
import type { AgentName } from "../../../contract/agents.ts";
import { type Clock, createRateLimiter } from "../../../server-agent/gateway/rate-limiter.ts";

/** A clock that stands until the test moves it. */
function handClock(): Clock & { move(ms: number): Promise<void> } {
  let now = 1_000_000;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => (timers = timers.filter((other) => other !== timer));
    },
    async move(ms) {
      now += ms;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { callback } of due) callback();
      await settled();
    },
  };
}

const settled = async (): Promise<void> => {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
};

function setUp() {
  const clock = handClock();
  const limiter = createRateLimiter(clock);
  const served: string[] = [];
  const alive = new AbortController().signal;
  const enter = async (agent: AgentName, name: string, signal = alive) => {
    const answered = await limiter.enter(agent, signal);
    served.push(name);
    return answered;
  };
  return { clock, served, enter };
}

const answer = (status: number, headers: Record<string, string> = {}) => ({ status, headers: new Headers(headers) });

it("lets requests go out at once while there is no limit", async () => {
  const { served, enter } = setUp();
  await Promise.all([enter("code", "code 1"), enter("code", "code 2"), enter("qa", "qa 1")]);
  expect(served).toEqual(["code 1", "code 2", "qa 1"]);
});

it("serves the agents in turn after a limit, each agent's requests in order", async () => {
  const { clock, served, enter } = setUp();
  const answered = await enter("code", "code 0");
  answered(answer(429, { "retry-after": "10" }));
  const waiting = ["code 1", "code 2", "code 3"].map(async (name) => await enter("code", name));
  waiting.push(enter("qa", "qa 1"), enter("data", "data 1"));
  await clock.move(9_999);
  expect(served).toEqual(["code 0"]);
  await clock.move(1);
  expect(served).toEqual(["code 0", "qa 1"]);
  (await waiting[3])?.(answer(200));
  await Promise.all(waiting);
  expect(served).toEqual(["code 0", "qa 1", "data 1", "code 1", "code 2", "code 3"]);
});

it("sends one request at a time until one is answered well, so that a limit is not met by all at once", async () => {
  const { clock, served, enter } = setUp();
  (await enter("code", "first"))(answer(429, { "retry-after": "1" }));
  const second = enter("qa", "second");
  const third = enter("data", "third");
  await clock.move(1_000);
  expect(served).toEqual(["first", "second"]);
  (await second)(answer(429, { "retry-after": "2" }));
  await clock.move(1_999);
  expect(served).toEqual(["first", "second"]);
  await clock.move(1);
  await third;
});

it("waits until something is left of a limit that the headers tell, which fills up evenly", async () => {
  const { clock, served, enter } = setUp();
  const reset = new Date(clock.now() + 60_000).toISOString();
  const limits = {
    "anthropic-ratelimit-requests-limit": "60",
    "anthropic-ratelimit-requests-remaining": "0",
    "anthropic-ratelimit-requests-reset": reset,
  };
  (await enter("code", "first"))(answer(200, limits));
  const second = enter("code", "second");
  await clock.move(999);
  expect(served).toEqual(["first"]);
  await clock.move(1);
  await second;
});

it("goes on when the request that was to try the limit is given up", async () => {
  const { clock, enter } = setUp();
  (await enter("code", "first"))(answer(429, { "retry-after": "1" }));
  const second = enter("qa", "second");
  const third = enter("data", "third");
  await clock.move(1_000);
  (await second)(null);
  await third;
});

it("forgets a request whose console went away", async () => {
  const { clock, served, enter } = setUp();
  (await enter("code", "first"))(answer(429, { "retry-after": "1" }));
  const gone = new AbortController();
  const leaving = enter("qa", "gone", gone.signal);
  gone.abort(new Error("the console went away"));
  await expect(leaving).rejects.toThrow("the console went away");
  await clock.move(1_000);
  expect(served).toEqual(["first"]);
});

it("makes nobody stand in line for hours: each is told by its own answer", async () => {
  const { served, enter } = setUp();
  (await enter("code", "first"))(answer(429, { "retry-after": "7200" }));
  await enter("qa", "second");
  expect(served).toEqual(["first", "second"]);
});

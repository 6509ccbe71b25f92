import { expect, it } from "vitest";
import { memoryKills } from "../../../server-agent/sandbox/memory-kills.ts";

const machine =
  (files: Readonly<Record<string, string>>) =>
  async (file: string): Promise<string> =>
    await Promise.resolve(files[file] ?? "");

it("counts what the kernel killed in our group", async () => {
  const read = machine({
    "/proc/self/cgroup": "0::/system.slice/ai-agents.service\n",
    "/sys/fs/cgroup/system.slice/ai-agents.service/memory.events": "low 0\noom 3\noom_kill 2\noom_group_kill 0\n",
  });
  expect(await memoryKills(read)).toBe(2);
});

it("counts it where memory has a hierarchy of its own", async () => {
  const read = machine({
    "/proc/self/cgroup": "9:name=systemd:/a\n4:cpuset,memory:/ai-agents.service\n0::/\n",
    "/sys/fs/cgroup/memory/ai-agents.service/memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 7\n",
  });
  expect(await memoryKills(read)).toBe(7);
});

it("is 0 where it cannot be told", async () => {
  expect(await memoryKills(machine({}))).toBe(0);
  expect(await memoryKills()).toBeGreaterThanOrEqual(0);
});

import { describe, expect, it } from "vitest";
import { channelPath, parseChannelPath, type ChannelTarget } from "../../contract/channel.ts";

describe("channel paths", () => {
  const targets: readonly ChannelTarget[] = [
    { kind: "host" },
    { kind: "daemon", serverId: "a b/c" },
    { kind: "terminal", serverId: "hetzner-1", window: "code" },
  ];

  it.each(targets)("come back as the target they were made from: %o", (target) => {
    expect(parseChannelPath(channelPath(target))).toEqual(target);
  });

  it.each(["", "host/x", "daemon", "daemon/", "terminal/a", "terminal/a/b/c", "other/a", "daemon/%zz"])(
    "are refused when unknown: %s",
    (path) => {
      expect(parseChannelPath(path)).toBeNull();
    },
  );
});

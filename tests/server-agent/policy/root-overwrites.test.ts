import { expect, test } from "vitest";
import { describeRootLosses } from "../../../contract/root-losses.ts";
import { rootLosses } from "../../../server-agent/policy/root-losses.ts";
import { answer } from "./judging.ts";

const losses = (argv: readonly string[]) => rootLosses(argv, "/workspace");
const inShell = (command: string) => losses(["sh", "-c", command]);
const UNREAD = "what else it may change, which is known only when it runs";

test.each<[command: string, overwritten: string[]]>([
  // Where sources arrive: at the place, or in it when it is a folder.
  ["cp a /etc/x", ["/etc/x", "/etc/x/a"]],
  ["cp -f -- -a /etc/x", ["/etc/x", "/etc/x/-a"]],
  ["cp a b /etc/x", ["/etc/x/a", "/etc/x/b"]],
  ["cp a /etc/x/", ["/etc/x/a"]],
  ["cp a /etc/.", ["/etc/a"]],
  ["cp -t /etc/x /srv/a", ["/etc/x/a"]],
  ["cp --target-directory=/etc a", ["/etc/a"]],
  ["cp --targ /etc a", ["/etc/a"]],
  ["cp -- --targ /etc/", ["/etc/--targ"]],
  ["cp -T a /etc/x", ["/etc/x"]],
  ["cp --parents srv/a /etc/x", ["/etc/x", "/etc/x/srv/a"]],
  ["cp --suffix .old a /etc/x", ["/etc/x", "/etc/x/a"]],
  ["cp /usr/bin/a /etc/x", ["/etc/x", "/etc/x/a"]],
  ["cp -r /srv/a /etc/x", ["/etc/x", "/etc/x/a", "/etc/x/a/"]],
  ["cp -a /srv/a/. /etc/x", ["/etc/x", "/etc/x/"]],
  ["cp -rT /srv/a /etc/x", ["/etc/x", "/etc/x/"]],
  ["cp -r .. /etc/x", ["/etc/x", "/etc/x/"]],
  ["install -m 644 a /etc/x", ["/etc/x", "/etc/x/a"]],
  ["install --owner root --mode 644 a /etc/x", ["/etc/x", "/etc/x/a"]],
  ["ln -sf /opt/b /etc/x", ["/etc/x", "/etc/x/b"]],
  ["ln -sfn ../b /srv/now", ["/srv/now", "/srv/now/b"]],
  ["cd /etc && ln -sf /opt/b", ["/etc/b"]],
  ["rsync -at /srv/a /etc/x", ["/etc/x", "/etc/x/a", "/etc/x/a/"]],
  ["rsync -a --delete --exclude log /srv/a/ /etc/x/", ["/etc/x", "/etc/x/"]],
  // Named plainly.
  ["echo x | tee /etc/x", ["/etc/x"]],
  ["echo x | tee -ap /etc/x /etc/y > /dev/null", ["/etc/x", "/etc/y"]],
  ["truncate --size 0 -r /etc/z /etc/x", ["/etc/x"]],
  ["sed -i s/a/b/ /etc/x", ["/etc/x"]],
  ["sed -ni.bak -e p /etc/x /etc/y", ["/etc/x", "/etc/y"]],
  ["sed --in-place s/a/b/ /etc/x", ["/etc/x"]],
  ["echo x > /etc/x", ["/etc/x"]],
  ["echo x >> /etc/x", ["/etc/x"]],
  ["echo x >| /etc/x 2>&1", ["/etc/x"]],
  ["id &> /etc/x", ["/etc/x"]],
  ["cat 1<> /etc/x", ["/etc/x"]],
  ["> /etc/x", ["/etc/x"]],
  ["{ id; cat; } > /etc/x", ["/etc/x"]],
  ["cat > /etc/x <<'END'\nrm -rf /srv\nEND", ["/etc/x"]],
  ["find /srv -fprint /etc/x", ["/etc/x"]],
  ["echo x > /tmp/x", ["/tmp/x"]],
  // Through words, variables, folders and other programs.
  ["cp a '/etc/a file'", ["/etc/a file", "/etc/a file/a"]],
  ['cp a "/etc/"x', ["/etc/x", "/etc/x/a"]],
  ["c\\p -T a /e''tc/x", ["/etc/x"]],
  ["cp -T a /etc/../srv/./x", ["/srv/x"]],
  ["to=/etc/x; cp -T a $to", ["/etc/x"]],
  ["cd /etc && cp -T a x", ["/etc/x"]],
  ["cd /etc; echo x > x", ["/etc/x", "/x"]],
  ["echo x > /etc/{x,y}.conf || tee /etc/{x,y}", ["/etc/x", "/etc/y"]],
  ["LANG=C cp -T a /etc/x", ["/etc/x"]],
  ["env LANG=C nice -n 5 cp -T a /etc/x", ["/etc/x"]],
  ["sudo -u root sh -c 'echo \"$0\" | sudo tee /etc/x'", ["/etc/x"]],
  ["bash -c \"sh -c 'cp -T a /etc/x'\"", ["/etc/x"]],
  ['f() { cp -T a "$1"; }; f /etc/x', ["/etc/x"]],
  ["if true; then cp -T a /etc/x; else cp -T a /etc/y; fi", ["/etc/x", "/etc/y"]],
  ["flock /etc/lock cp -T a /etc/x", ["/etc/x"]],
  ["echo $(cp -T a /etc/x)", ["/etc/x"]],
  ["find /srv -name a -exec cp -T {} /etc/x ;", ["/etc/x"]],
  ["find /srv -name '*.conf' -exec cp {} /etc/x/ \\;", ["/etc/x/"]],
  ["find /etc/x -name '*.conf' -exec sed -i s/a/b/ {} +", ["/etc/x/"]],
  ["find /etc/x -name '*.conf' -print0 | xargs -0 truncate -s 0", ["/etc/x/"]],
  // Of names that a pattern finds, or the shell makes: the folder, as for a deletion.
  ["cp /srv/*.conf /etc/x/", ["/etc/x/"]],
  ["sed -i s/a/b/ /etc/x/*.conf", ["/etc/x/"]],
  ["echo x > /etc/x/$(date +%F).log", ["/etc/x/"]],
  ["for f in a b; do cp -T $f /etc/x/$f; done", ["/etc/x/"]],
])("names the files that `%s` writes over", (command, overwritten) => {
  expect(inShell(command)).toMatchObject({ files: [], overwritten });
});

test.each([
  ["cp a /etc/x", "cp -T a /etc/x", "install a /etc/x", "ln -f a /etc/x", "truncate -s 0 /etc/x", "tee /etc/x"],
  ["echo x > /etc/x; mkdir -p /srv/a; touch /srv/b", "find /srv -name a -exec cp {} /etc/x ;", "rsync -a /srv/ /etc/"],
  ["flock /run/lock cp a /etc/x"],
])("says all of %s", (...commands) => {
  for (const command of commands) expect(inShell(command), command).toMatchObject({ unkept: [] });
});

test.each([
  ["cp -n a /etc/x", "cp -b a /etc/x", "cp --backup=numbered a /etc/x", "mkdir -p /etc/x", "touch /etc/x"],
  ["install -d /etc/x", "ln -s /opt/b /etc/x", "ln -sfb /opt/b /etc/x", "echo x > /dev/null", "cp a b > /dev/null -n"],
])("names nothing for what writes over nothing: %s", (...commands) => {
  for (const command of commands)
    expect(inShell(command), command).toMatchObject({ files: [], overwritten: [], unkept: [] });
});

test.each<[command: string, overwritten: string[]]>([
  ["cp -n -i a /etc/x", ["/etc/x", "/etc/x/a"]],
  ["cp --backup=none a /etc/x", ["/etc/x", "/etc/x/a"]],
  ["cp -b --backup=of a /etc/x", ["/etc/x", "/etc/x/a"]],
  ["cp a /etc/x -- -n", ["/-n/a", "/-n/x"]],
  ["mv -nf /srv/a /etc/x", ["/etc/x", "/etc/x/a"]],
  ["ln -sn /opt/b /etc/x --for", ["/etc/x", "/etc/x/b"]],
])("is not led astray by `%s`", (command, overwritten) => {
  expect(inShell(command)).toMatchObject({ overwritten });
});

test.each<[command: string, overwritten: string[], unkept: string[]]>([
  ["cp a $TO", [], ["$TO"]],
  ["cp $WHAT /etc/x", ["/etc/x"], ["$WHAT", UNREAD]],
  ["cp $(cat list) /etc/x/", [], ["$(cat list)", UNREAD]],
  ["echo x > /etc/$NAME", [], ["/etc/$NAME"]],
  ["echo x > $(cat where)", [], ["$(cat where)"]],
  ["tee /etc/@(x|y)", [], ['"/etc/@(x|y)"']],
  ["cat list | xargs tee", [], ["its input"]],
  ["cat list | xargs cp -t /etc", [], ["its input", UNREAD]],
  ["cat list | xargs -I% cp -T a /etc/%", [], ['"/etc/%"']],
  ["find /srv -exec cp -T a {}.new ;", [], ["{}.new"]],
  ["cp -r /srv/a/. /", [], ["/"]],
  ["dd if=/dev/zero of=/dev/sdb", [], ["/dev/sdb"]],
  ["echo x > ~/x", [], ["/~/x"]],
  ["cd $WHERE; rm -rf x /srv/app; cp -T a x", [], [UNREAD]],
  ["git ls-files | xargs sed -i s/a/b/", [], [UNREAD]],
  ["VERSION_CONTROL=none cp -b a /etc/x", [], [UNREAD]],
  ["env -S 'cp a /etc/x'", [], [UNREAD]],
  ["sed -i 's/a/b/w /etc/x' /etc/y", ["/etc/y"], [UNREAD]],
  ["rsync -a --backup-dir=/srv/old a /etc/x", [], [UNREAD]],
  ["tar -C /etc -xf /srv/a.tar", [], [UNREAD]],
  ["cat /srv/a.tar | tar -x", [], [UNREAD]],
  ["patch -p1 < /srv/a.diff", [], [UNREAD]],
  ["sort -o /etc/x /etc/y", [], [UNREAD]],
  ["chmod 600 /etc/x", [], [UNREAD]],
  ["curl -o /etc/x https://example.org/x", ["/etc/x"], [UNREAD]],
  ['python3 -c \'open("/etc/x", "w")\'', [], [UNREAD]],
])("says of what `%s` may write over that it cannot be told", (command, overwritten, unkept) => {
  expect(inShell(command)).toMatchObject({ overwritten, unkept });
});

test("says it of words without a shell, too, which are taken as they are", () => {
  expect(losses(["cp", "-T", "a", "/etc/$NAME"])).toMatchObject({ overwritten: [], unkept: ["/etc/$NAME"] });
  expect(losses(["cp", "-T", "a", "/etc/*"])).toMatchObject({ overwritten: ["/etc/*"], unkept: [] });
});

test("moving names what it takes away and what it writes over, never all of a folder", () => {
  expect(inShell("mv /srv/a /etc/x")).toMatchObject({
    files: ["/srv/a"],
    overwritten: ["/etc/x", "/etc/x/a"],
    unkept: [],
  });
  expect(inShell("mv -n /srv/a /etc/x")).toMatchObject({ files: ["/srv/a"], overwritten: [], unkept: [] });
});

test("what is written in blocks is named with its whole path", () => {
  expect(inShell("cd /etc && dd if=/srv/a of=x conv=notrunc")).toEqual({
    files: ["/etc/x"],
    overwritten: ["/etc/x"],
    repositories: [],
    databases: [],
    unkept: [],
  });
});

test.each<[command: string, said: string | null]>([
  ["cp -T a /etc/x", "kept before it, if it is there: /etc/x"],
  ["cp a /etc/x", "kept before it, if it is there: /etc/x, /etc/x/a"],
  ["cp -r /srv/a /etc/x/", "kept before it, if it is there: /etc/x/a/"],
  ["dd if=/srv/a of=/etc/x", "kept before it: /etc/x"],
  ["rm -rf /srv/app && cp -r /opt/app /srv/", "kept before it: /srv/app"],
  [
    "mv /srv/a /etc/x; echo x > $Y",
    "kept before it: /srv/a; kept before it, if it is there: /etc/x, /etc/x/a; nothing can be kept of $Y",
  ],
  ["cp -n a /etc/x", null],
])("a person reads of `%s` what is kept when it is there", (command, said) => {
  expect(describeRootLosses(inShell(command))).toBe(said);
});

test("the question says it", () => {
  const input = { argv: ["cp", "-T", "/srv/a", "/etc/motd"], reason: "x" };
  expect(answer({ agent: "supervisor", level: 3, tool: "run_as_root", input })).toMatchObject({
    verdict: "ask",
    question: expect.stringContaining("kept before it, if it is there: /etc/motd"),
  });
});

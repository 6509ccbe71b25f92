import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Kept } from "../../../contract/root-snapshots.ts";
import type { OrderedLosses } from "../../../server-agent/broker/copies.ts";
import { keepCopies, putBackCopies } from "../../../server-agent/broker/run-root-copies.ts";

/** Only root can give files to others. */
const asRoot = test.runIf(process.getuid?.() === 0);

const ID = "20300102T030405-0a0b0c0d";
/** Of a user that could be an agent's. */
const AGENT = 61_234;

let folder: string;
let kept: string;
beforeEach(() => {
  folder = mkdtempSync("/var/tmp/root-copies-");
  kept = path.join(folder, "kept");
  sh("chmod 755 . && mkdir -m 700 kept && mkdir site");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sh = (script: string): string => execFileSync("bash", ["-ec", script], { cwd: folder, encoding: "utf8" }).trim();
const look = (place: string): string =>
  sh(
    `find ${place} -mindepth 1 -printf '%P %y %m %U %G %T@ %l %s\\n' | sort; find ${place} -type f -exec sha256sum {} + | sort`,
  );

/** Keeps what `losses` names, and gives what was written down of it. */
async function keep(losses: Partial<OrderedLosses>, maxBytes?: number): Promise<Kept> {
  const all = { files: [], overwritten: [], repositories: [], databases: [], unkept: [], ...losses };
  writeFileSync(path.join(kept, "losses.json"), JSON.stringify(all));
  await keepCopies(kept, maxBytes);
  const found = Kept.parse(JSON.parse(readFileSync(path.join(kept, "copies.json"), "utf8")));
  const about = { id: ID, at: "2030-01-02T03:04:05.000Z", agent: "supervisor", action: "rm", kept: found };
  writeFileSync(path.join(kept, "snapshot.json"), JSON.stringify(about));
  return found;
}
const restore = async (): Promise<void> => await putBackCopies(kept);
const site = (name = ""): string => path.join(folder, "site", name);

asRoot("files come back with owner, group, rights, times, links and set-user bits", async () => {
  sh(`cd site && mkdir -m 750 app && echo secret > app/data && ln -s data app/link && cp /bin/true app/tool
    chown ${AGENT}:61235 app/data app/tool && chown -h 61236:61236 app/link && chmod 640 app/data && chmod 4755 app/tool
    touch -d '2020-01-02' app/data app`);
  const before = look("site/app");
  expect(before).toMatch(/^tool f 4755 61234 61235 /m);
  await keep({ files: [site("app")] });
  sh("rm -rf site/app; mkdir site/app; echo later > site/app/data");
  await restore();
  expect(look("site/app")).toBe(before);
  expect(readdirSync(site())).toEqual(["app"]);
});

asRoot(
  "of a whole folder what was kept comes back, what came later stays, and the folder keeps its owner",
  async () => {
    sh(`cd site && echo a > a && mkdir b && echo b > b/b && chown ${AGENT} a && chmod 1777 .`);
    await keep({ files: [`${site()}/`] });
    sh("rm -rf site/a site/b; echo later > site/later");
    await restore();
    expect(sh("cd site; ls; stat -c '%u %a' a .; cat b/b")).toBe(`a\nb\nlater\n${AGENT} 644\n0 1777\nb`);
  },
);

asRoot("a repository comes back with its history, without asking git, and one of a worktree with both", async () => {
  sh(`cd site && git init -q shop && cd shop && git config user.email a@b && git config user.name a && echo 1 > one
    git add . && git commit -qm one && git worktree add -q ../tree && echo open >> one`);
  const before = look("site");
  const found = await keep({ repositories: [site("tree"), site("shop")] });
  expect(found).toMatchObject({ files: [{ name: "shop" }, { name: "tree" }] });
  sh("git -C site/shop reset -q --hard; rm -rf site/tree site/shop/.git/worktrees");
  await restore();
  expect(look("site")).toBe(before);
});

asRoot("a file that is written over comes back with its bytes, owner, group and mode over the later one", async () => {
  sh(
    `cd site && echo before > conf && chown ${AGENT}:61235 conf && chmod 640 conf && mkdir folder && echo x > folder/x`,
  );
  const before = look("site");
  const found = await keep({ overwritten: [site("conf"), site("folder"), site("conf/new"), site("none")] });
  expect(found).toMatchObject({ files: [{ name: "conf" }] });
  sh("cd site && echo later > new && chmod 600 conf && cp -T new conf && rm new && chown 0:0 conf");
  await restore();
  expect(look("site")).toBe(before);
});

asRoot("of a link that is written over, it and its file come back, whether written through or replaced", async () => {
  sh(`echo before > site/file; ln -s file site/link; ln -s nowhere site/open; ln -s link2 site/link2; mkfifo site/pipe
    ln -s /proc/version site/kernel; ln -s pipe site/way; ln -s . site/same`);
  const before = look("site");
  const names = ["link", "same/link", "open", "link2", "pipe", "kernel", "way", "same"];
  const found = await keep({ overwritten: names.map((name) => site(name)) });
  expect(found).toMatchObject({
    files: ["file", "kernel", "link", "link2", "open", "same", "way"].map((name) => ({ name })),
  });
  sh(
    "cd site; echo later > link; ln -sf ../kept link2; rm open; mv kernel way; echo x > same.new; mv -T same.new same",
  );
  await restore();
  expect(look("site")).toBe(before);
});

asRoot("a file is kept that is named as all in a folder, deleted or written over", async () => {
  sh("cd site && echo a > a && echo b > b && ln -s b way");
  const before = look("site");
  const found = await keep({ files: [`${site("a")}/`], overwritten: [`${site("way")}/`] });
  expect(found).toMatchObject({ files: [{ name: "a" }, { name: "b" }, { name: "way" }] });
  sh(`find site/a -exec rm {} + && find site/way -exec tee {} < /dev/null \\;`);
  await restore();
  expect(look("site")).toBe(before);
});

asRoot("of a folder that others are laid over, what was kept comes back and what came later stays", async () => {
  sh(`mkdir -p site/app/sub && cd site/app && echo a > a && echo b > sub/b && chmod 600 a
    echo far > ../far && ln -s ../far way`);
  expect(await keep({ overwritten: [`${site("app")}/`, site("app/a"), `${site("none")}/`] })).toMatchObject({
    files: [{ name: "." }, { name: "far" }],
  });
  sh("cd site/app && echo later | tee a sub/b sub/c new way");
  await restore();
  expect(sh("cd site/app; cat a sub/b new way; stat -c %a a; ls sub")).toBe("a\nb\nlater\nfar\n600\nb");
});

asRoot("what is not there needs no copy, and too much is refused before anything is copied", async () => {
  expect(await keep({ files: [site("none"), "/nowhere/at/all"] })).toEqual({
    kind: "copies",
    files: [],
    databases: [],
  });
  sh("head -c 100000 /dev/zero > site/big");
  await expect(keep({ files: [site("big")] }, 50_000)).rejects.toThrow(/a snapshot holds at most/);
  expect(readdirSync(kept).filter((name) => name.endsWith(".tar"))).toEqual([]);
});

asRoot("a link on the way is kept as what it leads to, and put back there", async () => {
  mkdirSync(path.join(folder, "real"));
  sh("echo real > real/file; ln -s ../real site/way");
  expect(await keep({ files: [site("way/file")] })).toMatchObject({
    files: [{ folder: path.join(folder, "real"), name: "file" }],
  });
  sh("rm real/file");
  await restore();
  expect(sh("cat real/file; stat -c %F site/way")).toBe("real\nsymbolic link");
});

asRoot("through a link that an agent put in the place of its folder, nothing is written", async () => {
  sh(
    `chown ${AGENT} site && mkdir site/cron && echo evil > site/cron/job && chown -R ${AGENT} site/cron && mkdir target`,
  );
  await keep({ files: [site("cron/job")] });
  sh(`mv site/cron site/moved && ln -s ${folder}/target site/cron`);
  await expect(restore()).rejects.toThrow(/cron is a link/);
  expect(sh("ls target")).toBe("");
});

asRoot("what lay closed is not put where an agent has made a folder of the same name", async () => {
  sh(`chown ${AGENT} site && mkdir -m 700 site/closed && echo secret > site/closed/file`);
  await keep({ files: [site("closed/file")] });
  sh(`mv site/closed site/moved && mkdir site/closed && chown ${AGENT} site/closed`);
  await expect(restore()).rejects.toThrow(/another folder than the one these files were in/);
  expect(sh("ls -A site/closed")).toBe("");
});

asRoot("when one of several cannot be put back, none is", async () => {
  sh(`echo new > site/a; mkdir site/b; echo new > site/b/x; chown ${AGENT} site`);
  await keep({ files: [site("a"), site("b/x")] });
  sh("echo later > site/a; rm -r site/b");
  await expect(restore()).rejects.toThrow(/there is no b any more/);
  expect(sh("cat site/a; ls -A site")).toBe("later\na");
});

const besides = { uid: AGENT, gids: [AGENT, 61_300] };

asRoot("for an agent, only what is not all its own is kept", async () => {
  sh(`mkdir site/app site/shared && echo x > site/app/own && echo x > site/shared/own
    chown -R ${AGENT}:61300 site/app site/shared && echo x > site/shared/other && chown 61301:61300 site/shared/other`);
  expect(await keep({ files: [site("app")], besides })).toMatchObject({ files: [] });
  sh(`chgrp 61301 site/app/own`);
  expect(await keep({ files: [site("app")], besides })).toMatchObject({ files: [{ name: "app" }] });
  rmSync(path.join(kept, "files-0.tar"));
  const before = look("site/shared");
  expect(await keep({ files: [site("shared")], besides })).toMatchObject({ files: [{ name: "shared" }] });
  sh(`rm -rf site/shared; cp -r site/app site/shared`);
  await restore();
  expect(look("site/shared")).toBe(before);
});

asRoot("through a link of an agent nothing of others is kept for it, so it cannot choose what comes back", async () => {
  sh(`mkdir outside && echo root > outside/file && git init -q outside && ln -s ${folder}/outside site/way
    mkdir site/tree && echo 'gitdir: ${folder}/outside/.git/worktrees/x' > site/tree/.git && chown -R ${AGENT} site`);
  await expect(keep({ files: [site("way/file")], besides })).rejects.toThrow(/through a link/);
  await expect(keep({ files: [`${site("way")}/`], besides })).rejects.toThrow(/through a link/);
  await expect(keep({ repositories: [site("way")], besides })).rejects.toThrow(/through a link/);
  await expect(keep({ repositories: [site("tree")], besides })).rejects.toThrow(/history of .* is elsewhere/);
  expect(readdirSync(kept).filter((name) => name.endsWith(".tar"))).toEqual([]);
});

import { expect, test } from "@playwright/test";
import {
  askAllowed,
  askBroker,
  type BrokerLab,
  INFRA,
  permit,
  type RootAction,
  sendRaw,
  snapshotOf,
  startBrokerLab,
} from "../support/broker-on-lab.ts";
import { listenOutside } from "../support/hostile-lab.ts";
import { knock } from "../support/knock.ts";
import { poll } from "../support/lab-server-run.ts";
import { type Lab, labAvailable } from "../support/lab-server.ts";

const available = labAvailable();
test.skip(!available.ok, available.ok ? "" : available.why);
test.describe.configure({ mode: "serial", timeout: 900_000 });

let server: BrokerLab;
let lab: Lab;

test.beforeAll(async () => {
  test.setTimeout(900_000);
  server = await startBrokerLab({ name: "brokerdock", address: 92 });
  ({ lab } = server);
});
test.afterAll(async () => await server?.stop());

const docker = (request: Record<string, unknown>): RootAction => ({
  agent: "infra",
  tool: "docker",
  input: { request },
});
const allowed = async (action: RootAction, by: "level" | "person" = "person") =>
  snapshotOf(await askAllowed(lab, action, by));

async function restore(id: string) {
  const call = { tool: "snapshots", input: { request: { action: "restore", id } } };
  const { end } = await sendRaw({ lab }, "ai-infra", `${JSON.stringify({ agent: null, call })}\n`);
  expect(end).toMatchObject({ type: "done" });
}

const BOX = "/bin/busybox";
const served = async (port: number) => (await lab.exec(`curl -s http://127.0.0.1:${port}/index.html`)).stdout.trim();
const web = (mount: Record<string, unknown>, port: number) => ({
  image: "lab/box:1",
  command: [BOX, "httpd", "-f", "-p", "8000", "-h", "/data"],
  ports: [{ host: port, container: 8000 }],
  mounts: [{ ...mount, at: "/data" }],
});

test("installs Docker, which then says which containers there are", async () => {
  const action = {
    agent: "infra",
    tool: "packages",
    input: { action: "install", names: ["docker.io", "docker-compose"] },
  } as const;
  await allowed(action);
  await lab.sh("apt-get -q -y install busybox-static; tar -C / -c bin/busybox | docker import - lab/box:1", {
    timeoutMs: 120_000,
  });
  const { end, output } = await askBroker(lab, INFRA, docker({ action: "ps" }));
  expect(end).toMatchObject({ type: "done" });
  expect(output).toContain("NAMES");
});

test("runs a container on this machine's loopback, without rights to gain any", async () => {
  await allowed(docker({ action: "run", name: "web", container: web({ volume: "pages" }, 8080) }), "level");
  await lab.sh("docker exec web /bin/busybox sh -c 'echo kept >/data/index.html'");
  expect(await served(8080)).toBe("kept");
  const format =
    "{{.HostConfig.Privileged}} {{.HostConfig.SecurityOpt}} {{.HostConfig.NetworkMode}} {{.HostConfig.Memory}}";
  expect(await lab.sh(`docker inspect --format '${format}' web`)).toBe("false [no-new-privileges] default 1073741824");
  expect(await lab.sh("ss -Hltn sport = :8080 | awk '{ print $4 }'")).toBe("127.0.0.1:8080");
  const log = await askBroker(lab, INFRA, docker({ action: "logs", container: "web", lines: 5 }));
  expect(log.end).toMatchObject({ type: "done" });
});

test("the firewall closes a published port to others; this machine, containers and the way out stay open", async () => {
  await lab.sh(`docker run -d --name open -p 8070:8000 lab/box:1 ${BOX} httpd -f -p 8000 -h /bin`);
  const fromOutside = () => knock({ host: lab.address, port: 8070 });
  await poll("it serves this machine", async () => ((await lab.exec("curl -sI 127.0.0.1:8070")).stdout ? true : null));
  expect(await fromOutside()).toBe("silent");
  const outside = await listenOutside();
  await lab.sh(`docker exec open ${BOX} nc -w 2 ${outside.address.replace(":", " ")} </dev/null
    docker run --rm lab/box:1 ${BOX} nc -w 2 $(docker inspect --format '{{.NetworkSettings.IPAddress}}' open) 8000 </dev/null`);
  outside.close();
  expect(outside.heard).toEqual(["a connection"]);

  await lab.sh("nft delete table inet ai_infrastructure");
  expect(await fromOutside()).toBe("open");
  await lab.sh("systemctl reload ai-infrastructure-firewall");
  expect(await fromOutside()).toBe("silent");
  await lab.sh("docker rm --force open");
});

test("a folder that an agent turns into a link to the disk gives a container nothing that the agent has not", async () => {
  await lab.sh("runuser -u ai-code -- ln -s / /workspace/trap");
  const script = `${BOX} id -u; ${BOX} cat /host/etc/shadow; ${BOX} touch /host/etc/evil; ${BOX} grep CapEff /proc/self/status`;
  const container = {
    image: "lab/box:1",
    command: [BOX, "sh", "-c", script],
    mounts: [{ folder: "/workspace/trap", at: "/host" }],
  };
  await allowed(docker({ action: "run", name: "trap", container }), "level");
  await poll("it has ended", async () =>
    (await lab.sh("docker inspect --format '{{.State.Running}}' trap")) === "false" ? true : null,
  );
  const { output } = await askBroker(lab, INFRA, docker({ action: "logs", container: "trap" }));
  expect(output).toContain(await lab.sh("id -u ai-infra-agent"));
  expect(output.match(/Permission denied/g)).toHaveLength(2);
  expect(output).toMatch(/CapEff:\s+0+\n/);
  expect((await lab.exec("test -e /etc/evil")).exitCode).toBe(1);
});

test("refuses what would reach beyond a container, and starts nothing", async () => {
  const before = await lab.sh("docker ps --all --no-trunc --format '{{.ID}} {{.Status}}' | cut -d' ' -f1-2");
  const image = "lab/box:1";
  const wishes = [
    { image, privileged: true },
    { image, network: "host" },
    { image, mounts: [{ folder: "/", at: "/host" }] },
    { image, mounts: [{ folder: "/var/run/docker.sock", at: "/var/run/docker.sock" }] },
    { image, mounts: [{ folder: "/workspace/../etc", at: "/host" }] },
  ];
  for (const container of wishes) {
    const action = docker({ action: "run", name: "evil", container });
    await permit(lab, action, "person");
    const { end } = await askBroker(lab, INFRA, action);
    expect(end, JSON.stringify(container)).toMatchObject({ type: "failed", error: { code: "app.bad_input" } });
  }
  const rm = docker({ action: "rm", container: "trap" });
  await permit(lab, rm, "level");
  expect((await askBroker(lab, INFRA, rm)).end).toMatchObject({ error: { code: "broker.not_allowed_yet" } });
  expect(await lab.sh("docker ps --all --no-trunc --format '{{.ID}} {{.Status}}' | cut -d' ' -f1-2")).toBe(before);
});

test("brings back a removed container and a pruned volume with what it held", async () => {
  await allowed(docker({ action: "stop", container: "web" }));
  const removed = await allowed(docker({ action: "rm", container: "web" }));
  const pruned = await allowed(docker({ action: "prune", what: "volumes" }));
  expect(await lab.sh("docker volume ls -q; docker ps -aq --filter name=web")).toBe("");
  await restore(pruned);
  expect(await lab.sh("docker volume ls -q")).toBe("pages");
  await restore(removed);
  await lab.sh("docker start web");
  await poll("it serves again", async () => ((await served(8080)) === "kept" ? true : null));
});

test("runs a project of two services and takes it down, and it comes back", async () => {
  await lab.sh("mkdir -p /var/www/shop; echo shop >/var/www/shop/index.html");
  const services = { web: web({ folder: "/var/www/shop" }, 8090), other: web({ volume: "data" }, 8091) };
  await allowed(docker({ action: "compose_up", project: "shop", services }), "level");
  await poll("it serves", async () => ((await served(8090)) === "shop" ? true : null));
  expect(await lab.sh("docker inspect --format '{{.HostConfig.CapDrop}}' $(docker ps -q --filter name=shop.web)")).toBe(
    "[ALL]",
  );
  const down = await allowed(docker({ action: "compose_down", project: "shop" }));
  expect(await served(8090)).toBe("");
  await restore(down);
  await poll("it serves again", async () => ((await served(8090)) === "shop" ? true : null));
});

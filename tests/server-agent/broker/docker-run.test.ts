import { expect, it } from "vitest";
import { composeFile, dockerRun } from "../../../server-agent/broker/docker-run.ts";

const ids = { agentIds: "991:989" };

it("limits every container and publishes on this machine alone", () => {
  const argv = dockerRun(
    "app",
    { image: "nginx:1", ports: [{ host: 8080, container: 80 }], command: ["-x", "$A"] },
    ids,
  );
  expect(argv.filter((word) => !word.startsWith("--label"))).toEqual([
    "docker",
    "run",
    "--detach",
    "--name=app",
    "--security-opt=no-new-privileges",
    "--pids-limit=512",
    "--memory=1024m",
    "--restart=no",
    "--publish=127.0.0.1:8080:80/tcp",
    "nginx:1",
    "-x",
    "$A",
  ]);
});

it("takes every right from a container that sees a folder of the host, and the agent's user to run it", () => {
  const folder = { folder: "/workspace/site", at: "/data", readOnly: true };
  expect(dockerRun("app", { image: "nginx", mounts: [folder] }, ids)).toEqual(
    expect.arrayContaining([
      "--cap-drop=ALL",
      "--user=991:989",
      "--mount=type=bind,source=/workspace/site,target=/data,readonly",
    ]),
  );
  expect(dockerRun("app", { image: "nginx", mounts: [{ volume: "data", at: "/data" }] }, ids)).not.toContain(
    "--cap-drop=ALL",
  );
});

it("describes a project with the same limits, and with no sign that would be looked up", () => {
  const web = { image: "nginx", environment: { A: "${SECRET}" }, mounts: [{ folder: "/var/www/x", at: "/data" }] };
  expect(JSON.parse(composeFile({ web }, ids))).toMatchObject({
    services: {
      web: {
        environment: { A: "$${SECRET}" },
        security_opt: ["no-new-privileges:true"],
        cap_drop: ["ALL"],
        user: "991:989",
        mem_limit: "1024m",
        pids_limit: 512,
        volumes: [{ type: "bind", source: "/var/www/x", target: "/data", read_only: false }],
      },
    },
  });
});

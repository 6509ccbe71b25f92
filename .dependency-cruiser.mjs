// The import rules of docs/architecture.md. A rule in the way means the code is in the wrong folder.
const forbid = (name, ...[from, to, comment]) => ({ name, severity: "error", comment, from, to });
const top = (...folders) => `^(${folders.join("|")})/`;
const daemonFeatures =
  "algorithm|wire|tasks|agents|gateway|spend|policy|broker|audit|chat|memory|domains|backups|schedule|snapshots|copies|search";

export default {
  forbidden: [
    forbid("no-cycles", {}, { circular: true }, "Files must not import each other in a circle."),
    forbid(
      "contract-is-pure",
      { path: top("contract") },
      { pathNot: [top("contract"), "node_modules/(zod|@orpc/contract)/"] },
      "contract imports zod and @orpc/contract only.",
    ),
    forbid(
      "provisioning-needs-contract-only",
      { path: top("provisioning") },
      { pathNot: [top("provisioning", "contract"), "node_modules/zod/"], dependencyTypesNot: ["core"] },
      "provisioning imports contract only.",
    ),
    forbid(
      "own-hooks-need-nothing",
      { path: "^pai/hooks/" },
      { pathNot: "^pai/", dependencyTypesNot: ["core"] },
      "Our hooks import Node and pai only: they run wherever there is a Node.",
    ),
    forbid(
      "page-needs-contract-only",
      { path: top("src-renderer") },
      { path: top("src-main", "server-agent", "provisioning", "tests", "scripts") },
      "The page knows the contract, no other side.",
    ),
    forbid(
      "host-never-imports-daemon",
      { path: top("src-main") },
      { path: top("server-agent", "src-renderer", "tests") },
      "The host speaks to the daemon over the contract.",
    ),
    forbid(
      "daemon-never-imports-host",
      { path: top("server-agent") },
      { path: top("src-main", "src-renderer", "provisioning", "tests") },
      "The daemon speaks to others over the contract.",
    ),
    forbid(
      "electron-in-one-folder",
      { pathNot: "^(tests/)?src-main/electron/" },
      { path: "^(electron$|node_modules/electron/)" },
      "Only the Electron shell imports electron.",
    ),
    forbid(
      "ssh2-in-one-folder",
      { pathNot: "^(src-main/ssh|tests)/" },
      { path: "node_modules/ssh2/" },
      "Only src-main/ssh imports ssh2.",
    ),
    forbid(
      "child-process-in-few-folders",
      { pathNot: "^(src-main/local|src-main/platform|server-agent/platform|scripts|tests)/" },
      { path: "^(node:)?child_process$" },
      "Programs are started in platform/, local/ and scripts/ only.",
    ),
    forbid(
      "daemon-features-meet-in-daemon",
      { path: `^server-agent/(${daemonFeatures})/` },
      { path: `^server-agent/(${daemonFeatures})/`, pathNot: "^server-agent/$1/" },
      "Features do not import one another; they meet in daemon.ts.",
    ),
    forbid(
      "pages-do-not-import-pages",
      { path: "^src-renderer/pages/([^/]+)/" },
      { path: "^src-renderer/pages/", pathNot: "^src-renderer/pages/$1/" },
      "Pages do not import one another.",
    ),
    forbid(
      "controls-know-no-feature",
      { path: "^src-renderer/ui/" },
      { path: "^src-renderer/(pages|app|api)/" },
      "Controls in ui/ know no feature.",
    ),
    forbid(
      "no-missing-packages",
      {},
      { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
      "Every package stands in package.json.",
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(out|release)/" },
    parser: "swc",
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "require", "node", "default", "types"],
      extensions: [".ts", ".tsx", ".mjs", ".cjs", ".js", ".d.ts"],
    },
  },
};

import { TMUX_SOCKET } from "../../contract/daemon-config.ts";
import {
  AGENTS_DIR,
  AGENTS_SLICE,
  AGENTS_UNIT,
  BUNDLE,
  CONFIG_FILE,
  DAEMON_UNIT,
  DAEMON_USER,
  LOG_DIR,
  MODEL_KEY,
  MODEL_KEY_DROP_IN,
  SEARCH_KEY,
  SEARCH_KEY_DROP_IN,
  NODE,
  POSTGRES_DROP_IN,
  QDRANT_KEY,
  QDRANT_KEY_DROP_IN,
  REDIS_CREDENTIAL,
  RUN_DIR,
  STATE_DIR,
  UNITS_DIR,
  WORKSPACE,
} from "../layout.ts";
import type { Credential } from "../commands/credentials.ts";
import type { OurFile } from "./our-files.ts";

/** Both services use the folder in /run, and neither may take it away from the other. */
const runDirectory = `RuntimeDirectory=ai-infrastructure
RuntimeDirectoryMode=0755
RuntimeDirectoryPreserve=yes`;

export const daemonUnit: OurFile = {
  path: `${UNITS_DIR}/${DAEMON_UNIT}`,
  mode: "644",
  text: `[Unit]
Description=AI Infrastructure daemon
Wants=postgresql.service redis-server.service
After=network.target postgresql.service redis-server.service
StartLimitIntervalSec=0

[Service]
Type=exec
User=${DAEMON_USER}
Group=${DAEMON_USER}
# One heap for all threads: a tenth less memory.
Environment=MALLOC_ARENA_MAX=1
ExecStart=${NODE} ${BUNDLE} serve --config ${CONFIG_FILE}
WorkingDirectory=${STATE_DIR}
LoadCredentialEncrypted=redis-password:${REDIS_CREDENTIAL}
${runDirectory}
Restart=always
RestartSec=1
TimeoutStopSec=20
# Its memory holds secrets.
LimitCORE=0
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
ReadWritePaths=${AGENTS_DIR} ${WORKSPACE} ${STATE_DIR} ${LOG_DIR} ${RUN_DIR}

[Install]
WantedBy=multi-user.target
`,
};

/** What the agents may take together: the rest of the machine goes on, and people can log in. */
export const agentsSlice: OurFile = {
  path: `${UNITS_DIR}/${AGENTS_SLICE}`,
  mode: "644",
  text: `[Unit]
Description=AI Infrastructure agents and what they run

[Slice]
CPUWeight=50
MemoryMax=75%
TasksMax=4096
`,
};

/** The tmux server with the agents' windows. It starts consoles through sudo, so it may gain privileges. */
export const agentsUnit: OurFile = {
  path: `${UNITS_DIR}/${AGENTS_UNIT}`,
  mode: "644",
  text: `[Unit]
Description=AI Infrastructure agents
Wants=${DAEMON_UNIT}
After=${DAEMON_UNIT}
StartLimitIntervalSec=0

[Service]
Type=forking
User=${DAEMON_USER}
Group=${DAEMON_USER}
ExecStart=${NODE} ${BUNDLE} team --config ${CONFIG_FILE}
ExecStop=/usr/bin/tmux -S ${RUN_DIR}/${TMUX_SOCKET} kill-server
WorkingDirectory=${STATE_DIR}
Environment=LANG=C.UTF-8
${runDirectory}
Restart=always
RestartSec=1
OOMPolicy=continue
Slice=${AGENTS_SLICE}

[Install]
WantedBy=multi-user.target
`,
};

/** The distribution leaves a PostgreSQL that was killed lying. A stop in order is not a failure and stays one. */
export const postgresDropIn: OurFile = {
  path: POSTGRES_DROP_IN,
  mode: "644",
  text: `[Unit]
StartLimitIntervalSec=0

[Service]
Restart=on-failure
RestartSec=1
`,
};

/** Only on servers that were given a key. */
export const modelKeyDropIn = keyDropIn(MODEL_KEY_DROP_IN, MODEL_KEY);

/** Only on servers whose provider of web search takes a key. */
export const searchKeyDropIn = keyDropIn(SEARCH_KEY_DROP_IN, SEARCH_KEY);

/** Only on servers that have Qdrant. */
export const qdrantKeyDropIn = keyDropIn(QDRANT_KEY_DROP_IN, QDRANT_KEY);

function keyDropIn(dropIn: string, { name, path }: Credential): OurFile {
  return { path: dropIn, mode: "644", text: `[Service]\nLoadCredentialEncrypted=${name}:${path}\n` };
}

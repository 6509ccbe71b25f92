import { BROKER_SOCKET } from "../../contract/daemon-config.ts";
import { ROOT_SOCKET } from "../../contract/broker-desk.ts";
import {
  BROKER_NAME,
  BROKER_SERVICE_UNIT,
  BROKER_SOCKET_UNIT,
  BUNDLE,
  NODE,
  RUN_DIR,
  TEAM_GROUP,
  UNITS_DIR,
} from "../layout.ts";
import { NO_KERNEL } from "./hardening.ts";
import type { OurFile } from "./our-files.ts";

/** systemd takes each connection, asks the kernel who it is from, and starts a service with that in its name. */
export const brokerSocket: OurFile = {
  path: `${UNITS_DIR}/${BROKER_SOCKET_UNIT}`,
  mode: "644",
  text: `[Unit]
Description=AI Infrastructure broker

[Socket]
ListenStream=${BROKER_SOCKET}
SocketUser=root
SocketGroup=${TEAM_GROUP}
SocketMode=0660
RemoveOnStop=yes
Accept=yes
# More are turned away, and ask again. The second limit counts for each user, from systemd 256 on.
MaxConnections=12
MaxConnectionsPerSource=4
# However often somebody connects, the socket stays.
TriggerLimitBurst=0

[Install]
WantedBy=sockets.target
`,
};

/**
 * What the broker does itself is small: it checks, copies, writes the configuration of nginx and talks to systemd and Docker.
 * All that needs more runs as a service of its own. Memory stays executable, because V8 compiles.
 */
export const brokerService: OurFile = {
  path: `${UNITS_DIR}/${BROKER_SERVICE_UNIT}`,
  mode: "644",
  text: `[Unit]
Description=AI Infrastructure broker for one request
CollectMode=inactive-or-failed

[Service]
ExecStart=${NODE} ${BUNDLE} broker --peer %i --desk ${RUN_DIR}/${ROOT_SOCKET}
StandardInput=socket
StandardOutput=socket
StandardError=journal
SyslogIdentifier=${BROKER_NAME}
StateDirectory=${BROKER_NAME}
StateDirectoryMode=0700
CacheDirectory=${BROKER_NAME}
CacheDirectoryMode=0700
Environment=NODE_COMPILE_CACHE=/var/cache/${BROKER_NAME} LANG=C.UTF-8
UMask=0077
TimeoutStopSec=20
KillMode=mixed
MemoryMax=768M
TasksMax=256
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths=-/etc/nginx
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateNetwork=yes
${NO_KERNEL}
RestrictAddressFamilies=AF_UNIX
RestrictNamespaces=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
CapabilityBoundingSet=CAP_CHOWN CAP_DAC_OVERRIDE CAP_DAC_READ_SEARCH CAP_FOWNER CAP_FSETID
`,
};

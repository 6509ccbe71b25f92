import {
  QDRANT_CONFIG,
  QDRANT_DIR,
  QDRANT_KEY,
  QDRANT_PROGRAM,
  QDRANT_UNIT,
  QDRANT_USER,
  UNITS_DIR,
} from "../layout.ts";
import { NO_KERNEL } from "./hardening.ts";
import type { OurFile } from "./our-files.ts";

/** Of one collection, its vectors and what belongs to them each. The database stays the truth, so a full index loses nothing. */
const MOST_BYTES = 1024 ** 3;
const MOST_COLLECTIONS = 16;

/** By itself it would listen on all addresses, fetch snapshots from any address that somebody names, and fill the disk. */
export const qdrantConfig: OurFile = {
  path: QDRANT_CONFIG,
  mode: "644",
  text: `# Written by AI Infrastructure. The key comes from systemd, never from a file.
service:
  host: 127.0.0.1
  http_port: 6333
  grpc_port: 6334
  enable_snapshot_url_recovery: false
storage:
  storage_path: ${QDRANT_DIR}/storage
  snapshots_path: ${QDRANT_DIR}/snapshots
  on_disk_payload: true
  max_collections: ${MOST_COLLECTIONS}
  collection:
    strict_mode:
      enabled: true
      max_collection_vector_size_bytes: ${MOST_BYTES}
      max_collection_payload_size_bytes: ${MOST_BYTES}
telemetry_disabled: true
`,
};

/** The shell only hands over the key and becomes the program. An index that is too big is ended before the server suffers. */
export const qdrantUnit: OurFile = {
  path: `${UNITS_DIR}/${QDRANT_UNIT}`,
  mode: "644",
  text: `[Unit]
Description=Qdrant, the index of the team's memory
After=network.target

[Service]
User=${QDRANT_USER}
Group=${QDRANT_USER}
LoadCredentialEncrypted=${QDRANT_KEY.name}:${QDRANT_KEY.path}
ExecStart=/bin/sh -c 'QDRANT__SERVICE__API_KEY=$(cat "$CREDENTIALS_DIRECTORY/${QDRANT_KEY.name}") exec ${QDRANT_PROGRAM} --config-path ${QDRANT_CONFIG}'
StateDirectory=${QDRANT_DIR.replace("/var/lib/", "")}
StateDirectoryMode=0700
WorkingDirectory=${QDRANT_DIR}
UMask=0077
Restart=on-failure
RestartSec=1
LimitNOFILE=65535
LimitCORE=0
MemoryHigh=30%
MemoryMax=40%
CPUWeight=50
TasksMax=512
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
${NO_KERNEL}
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
LockPersonality=yes
SystemCallArchitectures=native
CapabilityBoundingSet=

[Install]
WantedBy=multi-user.target
`,
};

/** Lines of a unit whose service has no business with the kernel or the machine's name and clock. */
export const NO_KERNEL = `ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes`;

import { SSH_DROP_IN } from "../layout.ts";
import type { Trial } from "./trial.ts";

/**
 * Once `load` has ended, sshd goes by its files; sessions go on. A reload would return before sshd has read them. With
 * its counter reset, systemd does not refuse a restart that comes soon after others.
 */
export const SSH_TRIAL: Trial = {
  name: "ssh",
  title: "SSH settings",
  path: SSH_DROP_IN,
  test: "sshd -t",
  load: `systemctl reset-failed ssh 2>/dev/null || true
systemctl try-restart ssh`,
  readers: "ssh.service ssh.socket",
};

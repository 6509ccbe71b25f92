import type { ErrorCode } from "../../contract/errors.ts";

/** What a person can do about an error from where it is shown. */
export type ErrorAction = "retry" | "reconnect" | "open_server" | "open_settings" | "open_spend";

export interface ErrorWords {
  readonly title: string;
  readonly action?: ErrorAction;
}

/** Every error code in plain words. The error's own message and hint follow below the title. */
export const ERROR_TABLE: Record<ErrorCode, ErrorWords> = {
  "agents.changed_meanwhile": { title: "The agent was changed meanwhile" },
  "agents.definition_broken": { title: "The definition of an agent has a mistake" },
  "agents.driver_missing": { title: "The driver of this agent is not installed" },
  "agents.driver_stopped": { title: "The driver of this agent stopped", action: "retry" },
  "app.bad_input": { title: "That cannot be used as it is" },
  "app.cancelled": { title: "Stopped", action: "retry" },
  "app.internal": { title: "Something in the app went wrong", action: "retry" },
  "app.not_found": { title: "That is not there any more" },
  "app.timed_out": { title: "It took too long", action: "retry" },
  "broker.failed": { title: "An action as root failed" },
  "broker.not_allowed_yet": { title: "An action as root has not been allowed" },
  "broker.refused": { title: "An action as root was refused" },
  "broker.unreachable": { title: "Nothing can be done as root here" },
  "connection.agent_missing": { title: "No SSH agent is running", action: "reconnect" },
  "connection.auth_failed": { title: "The server did not accept the login", action: "reconnect" },
  "connection.host_key_changed": { title: "The server's identity has changed" },
  "connection.host_key_refused": { title: "The server's identity was not accepted", action: "reconnect" },
  "connection.host_key_unknown": { title: "The server's identity is not known yet", action: "reconnect" },
  "connection.key_unreadable": { title: "The key file cannot be read", action: "reconnect" },
  "connection.lost": { title: "The connection was lost", action: "reconnect" },
  "connection.no_password_login": { title: "The server takes no passwords" },
  "connection.not_ssh": { title: "No SSH server answers on that port", action: "reconnect" },
  "connection.passphrase_wrong": { title: "The passphrase does not open the key", action: "reconnect" },
  "connection.passphrase_needed": { title: "The key needs its passphrase", action: "reconnect" },
  "connection.password_needed": { title: "The server asks for a password", action: "reconnect" },
  "connection.refused": { title: "The server refuses connections on that port", action: "reconnect" },
  "connection.timed_out": { title: "The server does not answer", action: "reconnect" },
  "connection.unreachable": { title: "The server cannot be reached", action: "reconnect" },
  "daemon.unreachable": { title: "The team on this server does not answer", action: "open_server" },
  "daemon.unhealthy": { title: "The team on this server is not well", action: "open_server" },
  "local.program_missing": { title: "A program is missing on this computer", action: "retry" },
  "local.start_failed": { title: "The team could not start on this computer", action: "retry" },
  "model.budget_spent": { title: "The budget is spent", action: "open_spend" },
  "model.key_refused": { title: "Anthropic did not accept the API key", action: "open_server" },
  "model.not_configured": { title: "No model is set up", action: "open_server" },
  "model.overloaded": { title: "The model is overloaded", action: "retry" },
  "model.price_unknown": { title: "The model's price is not known", action: "open_spend" },
  "model.stalled": { title: "The model stopped answering", action: "retry" },
  "model.unreachable": { title: "The model cannot be reached", action: "retry" },
  "model.usage_limited": { title: "The model's provider has stopped the account", action: "open_spend" },
  "provision.busy": { title: "Another run is under way on this server" },
  "provision.disk_full": { title: "The server's disk is full", action: "retry" },
  "provision.no_sudo": { title: "This user may not become root" },
  "provision.step_failed": { title: "A step failed", action: "retry" },
  "provision.sudo_password_needed": { title: "The sudo password is needed" },
  "provision.sudo_password_wrong": { title: "The server refused the sudo password" },
  "provision.unsupported": { title: "This server cannot be provisioned" },
  "provision.upload_failed": { title: "The upload did not arrive whole", action: "retry" },
  "server.already_added": { title: "That server is in the list already" },
  "server.not_connected": { title: "The server is not connected", action: "reconnect" },
  "server.not_found": { title: "That server is not in the list" },
  "snapshot.not_restorable": { title: "This snapshot cannot be restored" },
  "snapshot.not_taken": { title: "No snapshot could be taken" },
  "snapshot.not_whole": { title: "A snapshot did not arrive whole", action: "retry" },
  "snapshot.restore_failed": { title: "Nothing was restored", action: "retry" },
  "store.unavailable": { title: "The team's database does not answer", action: "retry" },
  "task.cancelled": { title: "The task was cancelled" },
  "task.failed": { title: "The task failed" },
  "terminal.unavailable": { title: "The terminal cannot be opened", action: "retry" },
};

export const ACTION_LABELS: Record<ErrorAction, string> = {
  retry: "Try again",
  reconnect: "Connect again",
  open_server: "Open the server page",
  open_settings: "Open settings",
  open_spend: "Open the spend page",
};

import { z } from "zod";

/** Every failure a person may see: `area.what_happened`. */
export const ErrorCode = z.enum([
  "agents.changed_meanwhile",
  "agents.definition_broken",
  "agents.driver_missing",
  "agents.driver_stopped",
  "app.bad_input",
  "app.cancelled",
  "app.internal",
  "app.not_found",
  "app.timed_out",
  "broker.failed",
  "broker.not_allowed_yet",
  "broker.refused",
  "broker.unreachable",
  "connection.agent_key_needed",
  "connection.agent_missing",
  "connection.auth_failed",
  "connection.host_key_changed",
  "connection.host_key_refused",
  "connection.host_key_unknown",
  "connection.jump_refused",
  "connection.key_unreadable",
  "connection.lost",
  "connection.no_password_login",
  "connection.not_ssh",
  "connection.passphrase_wrong",
  "connection.passphrase_needed",
  "connection.password_needed",
  "connection.refused",
  "connection.timed_out",
  "connection.unreachable",
  "daemon.unreachable",
  "daemon.unhealthy",
  "local.program_missing",
  "local.start_failed",
  "model.budget_spent",
  "model.key_refused",
  "model.not_configured",
  "model.overloaded",
  "model.price_unknown",
  "model.stalled",
  "model.unreachable",
  "model.usage_limited",
  "provision.busy",
  "provision.clock_wrong",
  "provision.disk_full",
  "provision.dns_failed",
  "provision.mirror_unreachable",
  "provision.no_sudo",
  "provision.port_taken",
  "provision.service_in_use",
  "provision.step_failed",
  "provision.sudo_password_needed",
  "provision.sudo_password_wrong",
  "provision.unsupported",
  "provision.upgrade_failed",
  "provision.upload_failed",
  "server.already_added",
  "server.not_connected",
  "server.not_found",
  "snapshot.not_restorable",
  "snapshot.not_taken",
  "snapshot.not_whole",
  "snapshot.restore_failed",
  "store.too_new",
  "store.unavailable",
  "task.cancelled",
  "task.failed",
  "terminal.unavailable",
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** An error as it crosses a process: what happened, what to try, and folded details. Never holds a secret. */
export const WireError = z.object({
  code: ErrorCode,
  message: z.string(),
  hint: z.string().optional(),
  details: z.string().optional(),
});
export type WireError = z.infer<typeof WireError>;

interface AppErrorOptions {
  readonly hint?: string | undefined;
  readonly details?: string | undefined;
  readonly cause?: unknown;
}

/** An error a person may see. Programming mistakes stay plain `Error`. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: string | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details;
  }

  toWire(): WireError {
    return { code: this.code, message: this.message, hint: this.hint, details: this.details };
  }

  static fromWire(error: WireError): AppError {
    return new AppError(error.code, error.message, { hint: error.hint, details: error.details });
  }
}

/** Anything thrown, as an error that may cross a process; unknown ones become `app.internal` with their message. */
export function toWireError(error: unknown): WireError {
  if (error instanceof AppError) return error.toWire();
  const wire = WireError.safeParse((error as { data?: unknown } | null)?.data);
  if (wire.success) return wire.data;
  return { code: "app.internal", message: error instanceof Error ? error.message : String(error) };
}

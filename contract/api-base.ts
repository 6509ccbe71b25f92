import { oc } from "@orpc/contract";
import { WireError } from "./errors.ts";

/** Every procedure of every API may fail with one typed error, which carries an `AppError` over the wire. */
export const api = oc.errors({ APP_ERROR: { data: WireError } });

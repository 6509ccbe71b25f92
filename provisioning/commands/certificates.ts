import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

export function startRenewal(): Command {
  return rootScript("systemctl enable --quiet --now certbot.timer");
}

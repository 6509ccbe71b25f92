import type { RebootAt } from "../../contract/provision.ts";
import { UPDATES_CONFIG } from "../layout.ts";
import type { OurFile } from "./our-files.ts";

/** Where security updates come from, by `ID` of the distribution. unattended-upgrades fills in the code name. */
const SECURITY_ORIGINS: Readonly<Record<string, string[]>> = {
  debian: [
    "origin=Debian,codename=${distro_codename},label=Debian-Security",
    "origin=Debian,codename=${distro_codename}-security,label=Debian-Security",
  ],
  ubuntu: [
    "origin=Ubuntu,archive=${distro_codename}-security,label=Ubuntu",
    "origin=UbuntuESMApps,archive=${distro_codename}-apps-security",
    "origin=UbuntuESM,archive=${distro_codename}-infra-security",
  ],
};

const ORIGINS = "Unattended-Upgrade::Origins-Pattern";
/** The older of two lists, which Ubuntu's own file uses: both count. */
const OLD_ORIGINS = "Unattended-Upgrade::Allowed-Origins";

/** Values by name, as `apt-config dump` says them; those of a list in order, and none of a list that should be empty. */
export type UpdateSettings = Readonly<Record<string, string[]>>;

export function updateSettings(distribution: string, rebootAt: RebootAt): UpdateSettings {
  return {
    "APT::Periodic::Update-Package-Lists": ["1"],
    "APT::Periodic::Unattended-Upgrade": ["1"],
    [`${OLD_ORIGINS}::`]: [],
    [`${ORIGINS}::`]: SECURITY_ORIGINS[distribution] ?? [],
    "Unattended-Upgrade::Automatic-Reboot": [String(rebootAt !== "never")],
    ...(rebootAt !== "never" && { "Unattended-Upgrade::Automatic-Reboot-Time": [rebootAt] }),
  };
}

/** Lists add up from file to file, so they are emptied first. */
export function updatesConfig(settings: UpdateSettings): OurFile {
  const lines = Object.entries(settings).flatMap(([name, values]) => values.map((value) => `${name} "${value}";`));
  return {
    path: UPDATES_CONFIG,
    mode: "644",
    text: `// Written by AI Infrastructure: security updates only.
#clear ${OLD_ORIGINS};
#clear ${ORIGINS};
${lines.join("\n")}
`,
  };
}

/** Pattern of the lines of `apt-config dump` that matter. */
export const UPDATE_SETTING_NAMES = [
  "APT::Periodic::(Update-Package-Lists|Unattended-Upgrade)",
  `${OLD_ORIGINS}::`,
  `${ORIGINS}::`,
  "Unattended-Upgrade::Automatic-Reboot(-Time)?",
].join("|");

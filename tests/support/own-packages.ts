import type { Lab } from "./lab-server.ts";

const LAY = `
mkdir -p /srv/packages
root=$(mktemp -d)
chmod 755 "$root"
mkdir "$root/DEBIAN" "$root/etc"
printf 'Package: lab-tool\\nVersion: %s\\nArchitecture: all\\nMaintainer: Lab <lab@example.org>\\nDescription: a tool\\n' "$1" >"$root/DEBIAN/control"
echo "version $1" >"$root/etc/lab-tool.conf"
echo /etc/lab-tool.conf >"$root/DEBIAN/conffiles"
printf '#!/bin/sh\\n%s\\n' "$2" >"$root/DEBIAN/postinst"
chmod 755 "$root/DEBIAN/postinst"
dpkg-deb --root-owner-group --build "$root" "/srv/packages/lab-tool_$1_all.deb"
cd /srv/packages
{
  cat "$root/DEBIAN/control"
  echo "Filename: ./lab-tool_$1_all.deb"
  echo "Size: $(stat -c %s "lab-tool_$1_all.deb")"
  echo "SHA256: $(sha256sum <"lab-tool_$1_all.deb" | cut -d ' ' -f 1)"
} >Packages
rm -r "$root"
echo 'deb [trusted=yes] file:/srv/packages ./' >/etc/apt/sources.list.d/lab.list
`;

/** Makes this version of the package `lab-tool` the one that a repository on the server has; it does `afterwards` when it is installed. */
export async function layTool(lab: Lab, version: string, afterwards = "true"): Promise<void> {
  const { exitCode, stderr } = await lab.exec(["sh", "-euc", LAY, "sh", version, afterwards]);
  if (exitCode !== 0) throw new Error(stderr);
}

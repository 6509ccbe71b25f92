import { SWAP_FILE } from "../layout.ts";
import type { Command } from "../shell.ts";
import { rootScript } from "./script.ts";

const MAKE = `
file=$1 megabytes=$2
grep -q "^$file " /proc/swaps || rm -f "$file"
if [ ! -e "$file" ]; then
  umask 077
  fallocate -l "\${megabytes}M" "$file.new" || dd if=/dev/zero of="$file.new" bs=1M count="$megabytes" status=none
  mkswap "$file.new" >/dev/null
  mv -T "$file.new" "$file"
fi
grep -q "^$file " /proc/swaps || swapon "$file"
grep -q "^$file " /etc/fstab || printf '%s none swap sw 0 0\\n' "$file" >>/etc/fstab
`;

export function makeSwap(megabytes: number): Command {
  return rootScript(MAKE, SWAP_FILE, String(megabytes));
}

const REMOVE = `
file=$1
! grep -q "^$file " /proc/swaps || swapoff "$file"
[ ! -f /etc/fstab ] || ! grep -q "^$file " /etc/fstab || sed -i "\\|^$file |d" /etc/fstab
rm -f "$file" "$file.new"
`;

export function removeSwap(): Command {
  return rootScript(REMOVE, SWAP_FILE);
}

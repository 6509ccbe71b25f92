#!/bin/sh
# Makes this server the home of a team of AI agents. `--help` lists the options.
set -eu

# Filled in when the archives are packaged.
VERSION=''
BASE_URL=''
SHA256_X86_64=''
SHA256_AARCH64=''

usage() {
  cat <<'TEXT'
install.sh [--plan] [--yes] [--name NAME] [--model simulated|anthropic] [--key-file FILE] [--json]
           [--no-docker] [--reboot-at HH:MM|never] [--qdrant FILE] [--package-updates]

Makes this server the home of a team of agents. Run it as root. It shows the plan first; running again changes nothing.
  --plan                   show what would change, and stop
  --yes                    do not ask before changing the server
  --name NAME              what to call the server in the app
  --model NAME             simulated (demos and tests) or anthropic
  --key-file FILE          file with the Anthropic API key
  --no-docker              without Docker, which a server gets otherwise; one that is there stays
  --reboot-at HH:MM|never  when the server may restart by itself after a security update that needs it (default: never)
  --qdrant FILE            the official archive of Qdrant, for a server that cannot fetch it from GitHub
  --package-updates        also install the package updates that there are, this once; services restart as usual
  --json                   one JSON object per line, the last one being the result
When it does not lie beside the files of its archive:
  --url ADDRESS            the archive, or the folder it is in
  --sha256 HEX             what the archive must be
Exit codes: 0 done, 1 failed, 2 misused, 130 cancelled.
TEXT
}

# Everything is in functions, and the last line calls them: a script that was cut on its way here does nothing.
main() {
  url=$BASE_URL sha256='' json=no
  left=$#
  while [ "$left" -gt 0 ]; do
    word=$1
    shift
    left=$((left - 1))
    case $word in
      --url | --sha256)
        [ "$left" -gt 0 ] || fail app.bad_input "$word needs a value" 2
        if [ "$word" = --url ]; then url=$1; else sha256=$1; fi
        shift
        left=$((left - 1))
        ;;
      --help | -h)
        usage
        exit 0
        ;;
      *)
        [ "$word" != --json ] || json=yes
        set -- "$@" "$word"
        ;;
    esac
  done
  refuse_other_systems
  folder=$(dirname "$0")
  temporary=$(mktemp -d "${TMPDIR:-/var/tmp}/ai-infrastructure.XXXXXX")
  trap 'rm -rf "$temporary"' EXIT
  trap 'exit 130' INT TERM
  if [ ! -f "$0" ] || [ ! -f "$folder/install.mjs" ]; then
    fetch "$url" "$sha256"
    folder=$temporary
  fi
  folder=$(cd "$folder" && pwd)
  (cd "$folder" && sha256sum --check --quiet --strict SHA256SUMS) >&2 ||
    fail provision.upload_failed "The files of the archive are not whole: copy or fetch it again"
  [ "$(cat "$folder/ARCHITECTURE")" = "$(uname -m)" ] ||
    fail provision.unsupported "This archive is for $(cat "$folder/ARCHITECTURE"), this server is $(uname -m)"
  gzip -dc "$folder/node.gz" >"$temporary/node"
  chmod 700 "$temporary/node"
  # It removes the folder at its end.
  AI_INFRA_TEMPORARY=$temporary exec "$temporary/node" "$folder/install.mjs" "$@"
}

refuse_other_systems() {
  case "$(uname -s) $(uname -m)" in
    'Linux x86_64' | 'Linux aarch64') ;;
    *) fail provision.unsupported "$(uname -s) on $(uname -m) is not supported: use a Debian or Ubuntu server, x86_64 or aarch64" ;;
  esac
  # The plan knows which versions fit.
  system=$(. /etc/os-release 2>/dev/null && echo "$ID" || echo unknown)
  case $system in
    debian | ubuntu) ;;
    *) fail provision.unsupported "The distribution $system is not supported: use Debian 12, Debian 13 or Ubuntu 24.04" ;;
  esac
  [ "$(id -u)" = 0 ] || fail provision.no_sudo 'This must run as root: put sudo before sh or bash'
}

# Checked before anything of it runs.
fetch() {
  case $(uname -m) in
    x86_64) baked=$SHA256_X86_64 ;;
    *) baked=$SHA256_AARCH64 ;;
  esac
  wanted=${2:-$baked}
  [ -n "$1" ] || fail app.bad_input 'Nothing says where the archive is: give --url' 2
  [ -n "$wanted" ] || fail app.bad_input 'Nothing says what the archive must be: give --sha256' 2
  case $1 in
    *.tar) from=$1 ;;
    *) from="${1%/}/ai-infrastructure-$VERSION-$(uname -m).tar" ;;
  esac
  download "$from" "$temporary/archive.tar" || fail provision.upload_failed "$from could not be fetched"
  [ "$(sha256sum <"$temporary/archive.tar" | cut -c1-64)" = "$wanted" ] ||
    fail provision.upload_failed "$from is not what it must be: its SHA-256 is another one"
  tar -xf "$temporary/archive.tar" -C "$temporary" --no-same-owner
  rm "$temporary/archive.tar"
}

# Every Debian has the last one, which goes through the proxy of apt.
download() {
  if command -v curl >/dev/null; then
    curl -fsSL --retry 3 -o "$2" "$1"
  elif command -v wget >/dev/null; then
    wget -q -O "$2" "$1"
  else
    /usr/lib/apt/apt-helper -q -o APT::Sandbox::User=root download-file "$1" "$2" >/dev/null
  fi
}

# $1: code, $2: message without quotes, $3: exit code.
fail() {
  if [ "$json" = yes ]; then
    printf '{"ok":false,"code":"%s","message":"%s"}\n' "$1" "$2"
  else
    echo "Error: $2" >&2
  fi
  exit "${3:-1}"
}

main "$@"

#!/bin/bash
# Exit code 2 blocks the call and sends stderr to the model.
command=$(sed -n 's/.*"command":"\(\([^"\\]\|\\.\)*\)".*/\1/p')
if [[ $command =~ rm[[:space:]]+-[a-z]*r[a-z]*f ]]; then
  echo "Blocked: rm -rf is not allowed, move it to trash/ instead" >&2
  exit 2
fi
exit 0

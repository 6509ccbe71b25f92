#!/bin/bash
# Lock files are written by tools only.
input=$(cat)
case $input in
  *'"file_path":"'*package-lock.json'"'*)
    printf '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"%s"}}' \
      "package-lock.json is written by npm"
    ;;
  *'"file_path":"'*/migrations/*)
    printf '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"ask","permissionDecisionReason":"%s"}}' \
      "A migration may have run already"
    ;;
esac

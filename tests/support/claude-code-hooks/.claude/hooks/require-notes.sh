#!/bin/bash
# Do not stop before there are notes; never ask twice.
input=$(cat)
[[ $input == *'"stop_hook_active":true'* ]] && exit 0
[ -s "$CLAUDE_PROJECT_DIR/NOTES.md" ] && exit 0
echo '{"decision": "block", "reason": "Write NOTES.md before you stop."}'

#!/bin/bash
# Refuse prompts with a password in them; else tell the time zone.
prompt=$(cat)
if grep -qiE 'password *[:=]' <<<"$prompt"; then
  echo '{"decision": "block", "reason": "The prompt holds a password. Take it out and send it again."}'
  exit 0
fi
echo "Time zone: UTC"

#!/bin/bash
# Load what the session should know.
cat <<JSON
{
  "hookSpecificOutput": {
    "hookEventName": "SessionStart",
    "additionalContext": "Conventions of $(basename "$CLAUDE_PROJECT_DIR"): tabs, no semicolons."
  }
}
JSON

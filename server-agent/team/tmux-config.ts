import { shellQuote } from "../platform/shell-quote.ts";

/** Files of the tmux server, all in one folder that only its user may enter. */
export interface TmuxFiles {
  readonly socket: string;
  readonly config: string;
  readonly respawn: string;
  readonly nudge: string;
}

/**
 * No key opens a shell, a menu or a window: whoever attaches can type to the program in a window, scroll and select,
 * and nothing else. `history-limit` counts for windows made after it is set.
 */
export function tmuxConfig({ respawn }: Pick<TmuxFiles, "respawn">): string {
  return `set -s exit-empty off
set -s escape-time 10
set -s set-clipboard off
set -s default-terminal tmux-256color
set -g default-shell /bin/sh
set -g base-index 0
set -g history-limit 50000
set -g status off
set -g mouse on
set -g prefix None
set -g prefix2 None
set -g destroy-unattached off
set -g detach-on-destroy on
set -g update-environment ""
set -g window-size latest
setw -g aggressive-resize on
setw -g allow-rename off
setw -g automatic-rename off
set -g remain-on-exit on
unbind -aq -T prefix
unbind -aq -T root
bind -n WheelUpPane if -F "#{||:#{pane_in_mode},#{mouse_any_flag}}" { send -M } { copy-mode -e }
bind -n WheelDownPane send -M
bind -n MouseDown1Pane select-pane -t= \\; send -M
bind -n MouseDrag1Pane if -F "#{||:#{pane_in_mode},#{mouse_any_flag}}" { send -M } { copy-mode -M }
set-hook -g pane-died ${tmuxQuote(`run-shell -b ${tmuxQuote(`exec sh ${shellQuote(respawn)} #{hook_pane}`)}`)}
`;
}

/** Starts the program of a window again: after half a second, later when it keeps ending. */
export function respawnScript({ socket }: Pick<TmuxFiles, "socket">): string {
  return `pane=$1
in_tmux() { tmux -S ${shellQuote(socket)} "$@"; }
now=$(date +%s)
last=$(in_tmux show-options -pqv -t "$pane" @ended_at)
count=$(in_tmux show-options -pqv -t "$pane" @ended_count)
if [ $((now - \${last:-0})) -lt 30 ]; then count=$((\${count:-0} + 1)); else count=0; fi
in_tmux set-option -p -t "$pane" @ended_at "$now"
in_tmux set-option -p -t "$pane" @ended_count "$count"
case $count in 0 | 1 | 2) wait=0.5 ;; 3) wait=2 ;; 4) wait=5 ;; *) wait=15 ;; esac
sleep "$wait"
in_tmux respawn-pane -t "$pane"
`;
}

/**
 * Tells the server to look for children that ended. tmux 3.3a can miss the signal of one (seen after `kill -9` of a
 * console with a command running); its window then stays dead for ever.
 */
export const NUDGE_SCRIPT = `while sleep 1; do
  kill -CHLD "$1" || exit 0
done
`;

/** Runs until the server ends. */
export function nudgeCommand({ nudge }: Pick<TmuxFiles, "nudge">): string {
  return `exec sh ${shellQuote(nudge)} #{pid}`;
}

function tmuxQuote(text: string): string {
  return `"${text.replace(/["\\$]/g, "\\$&")}"`;
}

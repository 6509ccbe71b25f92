import { shellQuote } from "../platform/shell-quote.ts";

/** Files of the tmux server, all in one folder that only its user may enter. */
export interface TmuxFiles {
  readonly socket: string;
  readonly config: string;
  readonly respawn: string;
  readonly nudge: string;
  /** A folder with a file for each end of a window's program that the daemon has not read yet. */
  readonly ends: string;
  /** How the path of a window's kept screen begins. */
  readonly kept: string;
}

/** Options of a pane: set while its program must not be started; how often it ended in a row; when it was started last. */
export const HELD_OPTION = "@held";
export const COUNT_OPTION = "@ended_count";
export const STARTED_OPTION = "@started_at";
/** Of a pane that stands beside a window's program: what it is for. */
export const ROLE_OPTION = "@role";
export const ANSWERS_ROLE = "answers";
/** How files begin that hold what stood in a window before its program is started again. */
export const KEPT_SCREEN = "screen-";
export const ENDS_FOLDER = "ends";
/** Written after each other file of the folder of ends, so that one file is enough to watch. */
export const LATEST_END = "latest";

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
set -g history-limit 10000
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
set -gq allow-passthrough off
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

/**
 * Starts the program of a window again: at once when it had run for a minute, else after 1, 2, 4 … 60 seconds. Tells the
 * daemon of each end by a file; a window that is held stays as it is.
 */
export function respawnScript({ socket, ends, kept }: Pick<TmuxFiles, "socket" | "ends" | "kept">): string {
  return `pane=$1
in_tmux() { tmux -u -S ${shellQuote(socket)} "$@"; }
option() { in_tmux show-options -pqv -t "$pane" "$1"; }
set_option() { in_tmux set-option -p -t "$pane" "$1" "$2"; }
[ -z "$(option ${ROLE_OPTION})" ] || { in_tmux kill-pane -t "$pane"; exit 0; }
[ -z "$(option ${HELD_OPTION})" ] || exit 0
now=$(date +%s)
started=$(option ${STARTED_OPTION})
count=$(option ${COUNT_OPTION})
if [ $((now - \${started:-0})) -lt 60 ]; then count=$((\${count:-0} + 1)); else count=0; fi
set_option ${COUNT_OPTION} "$count"
ended=$(in_tmux display-message -p -t "$pane" '#{window_name} #{?pane_dead_signal,signal #{pane_dead_signal},code #{pane_dead_status}}')
id=$(date +%s%N)
mkdir -p ${shellQuote(ends)}
printf '%s' "$ended" > ${shellQuote(ends)}/.new-$id && mv ${shellQuote(ends)}/.new-$id ${shellQuote(ends)}/$id
: > ${shellQuote(ends)}/${LATEST_END}
wait=0
if [ "$count" -ge 7 ]; then wait=60; elif [ "$count" -ge 1 ]; then wait=$((1 << (count - 1))); fi
[ "$wait" -eq 0 ] || sleep "$wait"
[ -z "$(option ${HELD_OPTION})" ] || exit 0
set_option ${STARTED_OPTION} "$(date +%s)"
in_tmux capture-pane -p -J -t "$pane" | grep -aEv '^(○|●|›)' | cat -s > ${shellQuote(kept)}"\${ended%% *}"
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

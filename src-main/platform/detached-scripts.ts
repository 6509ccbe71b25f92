/** Where the jobs of root are. */
export const ROOT_JOBS = "/run/ai-infrastructure-jobs";

/** In milliseconds: for a job that says nothing else, and what its stopping takes beyond the time it is given. */
export const JOB_LIMITS = { timeoutMs: 30 * 60_000, stopWithinMs: 10_000, stopGraceMs: 20_000 } as const;

/** Shared by the scripts below: the folder of a job, and whether its process lives since the last boot. */
const JOB = `
set -u
umask 077
base=\${1:-\${XDG_CACHE_HOME:-$HOME/.cache}/ai-infrastructure/jobs}
dir=$base/$2
alive() {
  [ -f "$dir/pid" ] && [ "$(cat "$dir/boot")" = "$(cat /proc/sys/kernel/random/boot_id)" ] &&
    kill -s 0 "$(cat "$dir/pid")" 2>/dev/null
}
`;

/**
 * Arguments: folder, key, bytes already seen, id of the job they were of, length of the input, the command.
 * Starts the job in a session of its own, or joins the one that runs or has ended unseen within the last hour. The
 * first line of standard output names the job and the byte its output goes on from; what follows is that output.
 * Standard error is ours: at the end "exit CODE", without a code when it was killed. A line on standard input then
 * says that the end was seen, and the job is forgotten.
 */
export const FOLLOW_JOB = `${JOB}
offset=$3 seen=$4 length=$5
shift 5
mkdir -p "$base" || exit 1
exec 9>"$base/.lock"
flock 9
if alive || [ -n "$(find "$dir/exit" -mmin -60 2>/dev/null)" ]; then
  head -c "$length" >/dev/null
else
  rm -rf "$dir"
  mkdir "$dir" && head -c "$length" >"$dir/input" || exit 1
  cat /proc/sys/kernel/random/boot_id >"$dir/boot"
  cat /proc/sys/kernel/random/uuid >"$dir/id"
  : >"$dir/log"
  setsid sh -c '
    dir=$1
    shift
    exec <"$dir/input"
    rm "$dir/input"
    "$@"
    echo $? >"$dir/exit.part"
    mv "$dir/exit.part" "$dir/exit"
  ' sh "$dir" "$@" >"$dir/log" 2>&1 </dev/null 9>&- &
  echo $! >"$dir/pid"
fi
flock -u 9
exec 9>&-
id=$(cat "$dir/id")
[ "$id" = "$seen" ] || offset=0
echo "$id $offset"
tail -c "+$((offset + 1))" -s 0.1 --pid="$(cat "$dir/pid")" -f "$dir/log"
echo "exit $(cat "$dir/exit" 2>/dev/null)" >&2
read -r answer && rm -rf "$dir"
exit 0
`;

/**
 * Arguments: folder, key, seconds. Asks the job's process group to end, and ends it after that time. The signal is named
 * with `-s`: dash, Debian's `sh`, refuses `kill -TERM -- -PID`.
 */
export const STOP_JOB = `${JOB}
if alive; then
  pid=$(cat "$dir/pid")
  kill -s TERM -- "-$pid" 2>/dev/null
  for turn in $(seq $(($3 * 10))); do
    kill -s 0 -- "-$pid" 2>/dev/null || break
    sleep 0.1
  done
  kill -s KILL -- "-$pid" 2>/dev/null
fi
rm -rf "$dir"
exit 0
`;

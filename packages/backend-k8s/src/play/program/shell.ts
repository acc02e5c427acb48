/** Words of a busybox script: quoting, times, and the functions that every program's script begins with. */
import type { Micros } from "@kubereel/core"

/** One word, whatever is in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

/** Kubernetes expands `$(NAME)` in a command and takes `$$` for `$`: doubled, every one of them comes through as it is. */
export const escapedForKubelet = (text: string): string => text.replaceAll("$", "$$$$")

/** The script's clock has hundredths of a second, as `/proc/uptime`. */
export const hundredths = (micros: Micros): number => Math.round(micros / 10_000)

/** Seconds as `sleep` takes them. */
export const seconds = (micros: Micros): string => (hundredths(micros) / 100).toFixed(2)

/** Later than any program lasts: thirty years. */
export const NEVER = 100_000_000_000

/** `A` is the age of the process; `T` when it began. */
export const clock = `now() { read -r U _ </proc/uptime; A=$(( \${U%.*}\${U#*.} - T )); }`

/** Is the moment inside the window? As a test of the shell. */
export const openNow = ({ from, until }: { readonly from: Micros; readonly until: Micros | undefined }): string =>
  [`[ "$A" -ge ${hundredths(from)} ]`, ...(until === undefined ? [] : [`[ "$A" -lt ${hundredths(until)} ]`])].join(
    " && "
  )

/**
 * - `till AGE` waits, unless the program ends before (`END`, with `CODE`). A signal that comes between two commands is
 *   noticed at the next look at the clock, two seconds later at most.
 * - `put FILE TEXT` makes a program of the text that knows this process' clock.
 */
export const preamble = (directory: string): string => `B= IFS=:
for I in $PATH; do if [ -x "$I/busybox" ]; then B=$I/busybox; break; fi; done
unset IFS
if [ -z "$B" ]; then
  echo 'kubereel: the image has no busybox, which plays the program; name one that has with --program-image' >&2
  exit 127
fi
D=${quoted(directory)} T=0 END= CODE=0
read -r P _ </proc/self/stat
${clock}
now
T=$A
till() {
  while :; do
    now
    if [ -n "$END" ] && [ "$END" -lt "$1" ]; then
      [ "$A" -lt "$END" ] || exit "$CODE"
      N=$END
    else
      [ "$A" -lt "$1" ] || return 0
      N=$1
    fi
    N=$((N - A))
    [ "$N" -le 200 ] || N=200
    "$B" sleep "$((N / 100)).$((N % 100 / 10))$((N % 10))" &
    wait $!
  done
}
put() {
  { printf '#!%s sh\\nB=%s T=%s D=%s\\n' "$B" "$B" "$T" "$D"; printf '%s\\n' "$2"; } >"$D/.new" &&
    "$B" chmod 755 "$D/.new" && "$B" mv -f "$D/.new" "$1"
}
`

/** The known name that somebody may have meant. */

/** Levenshtein's distance, without regard to case. */
const distance = (a: string, b: string): number => {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}

/** The nearest of `known`, if it is near enough: at most a third of its letters differ, or one begins with the other. */
export const nearest = (name: string, known: ReadonlyArray<string>): string | undefined => {
  const lower = name.toLowerCase()
  const ranked = known
    .map((candidate) => ({ candidate, far: distance(lower, candidate.toLowerCase()) }))
    .sort((a, b) => a.far - b.far)
  const best = ranked[0]
  if (best !== undefined && best.far <= Math.max(1, Math.floor(Math.max(name.length, best.candidate.length) / 3)))
    return best.candidate
  return known.find(
    (candidate) =>
      lower.length > 2 && (candidate.toLowerCase().startsWith(lower) || lower.startsWith(candidate.toLowerCase()))
  )
}

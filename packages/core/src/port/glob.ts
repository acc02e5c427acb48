/** The globs of a scenario, over names of pods, containers and images. */

const patterns = new Map<string, RegExp>()

/** `*` any text, `?` one character, `[…]` one of a set, `[!…]` none of it; everything else is itself. */
const compile = (pattern: string): RegExp => {
  const known = patterns.get(pattern)
  if (known !== undefined) return known
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".")
    .replaceAll("[!", "[^")
  const made = new RegExp(`^${source}$`, "s")
  patterns.set(pattern, made)
  return made
}

export const globMatches = (pattern: string, text: string): boolean => pattern === "*" || compile(pattern).test(text)

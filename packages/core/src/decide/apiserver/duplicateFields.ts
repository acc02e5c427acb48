/** Fields that a JSON text says more than once: its reader takes the last of them, and says so (`sigs.k8s.io/json`, DisallowDuplicateFields). */

interface Level {
  /** Of the object, or the list's own. */
  readonly path: string
  /** `undefined`: a list. */
  readonly seen: Set<string> | undefined
  index: number
  key: string
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g

/** Paths as in `spec.containers[0].image`, in the order of the text, each once. The text is well-formed. */
export const duplicateFields = (text: string): ReadonlyArray<string> => {
  const found = new Set<string>()
  const levels: Array<Level> = []
  let isKey = false
  const pathOf = ({ index, key, path, seen }: Level): string =>
    seen === undefined ? `${path}[${index}]` : path === "" ? key : `${path}.${key}`
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1)
    if (token === "{" || token === "[") {
      const path = level === undefined ? "" : pathOf(level)
      levels.push({ path, seen: token === "{" ? new Set() : undefined, index: 0, key: "" })
      isKey = token === "{"
    } else if (token === "}" || token === "]") {
      levels.pop()
      isKey = false
    } else if (token === ",") {
      if (level !== undefined) level.index++
      isKey = level?.seen !== undefined
    } else if (token === ":") isKey = false
    else if (isKey && level?.seen !== undefined) {
      level.key = JSON.parse(token) as string
      if (level.seen.has(level.key)) found.add(pathOf(level))
      level.seen.add(level.key)
    }
  }
  return [...found]
}

/** Delta debugging of a list (Zeller, Hildebrandt 2002): blocks are left out, ever smaller ones, down to single entries. */

/** What is left when nothing more can be left out; `holds` is asked of what would be left. Later entries go first. */
export const reduceList = <A>(list: ReadonlyArray<A>, holds: (kept: ReadonlyArray<A>) => boolean): ReadonlyArray<A> => {
  let kept = list
  for (let size = list.length; size >= 1; size = Math.floor(size / 2)) {
    for (let end = kept.length; end > 0; end -= size) {
      const without = kept.toSpliced(Math.max(0, end - size), Math.min(size, end))
      if (without.length < kept.length && holds(without)) kept = without
    }
  }
  return kept
}

/** Two at a time, for those that are only of use together. */
export const reducePairs = <A>(
  list: ReadonlyArray<A>,
  holds: (kept: ReadonlyArray<A>) => boolean
): ReadonlyArray<A> => {
  let kept = list
  for (let i = 0; i < kept.length; i++)
    for (let j = i + 1; j < kept.length; j++) {
      const without = kept.filter((_, k) => k !== i && k !== j)
      if (holds(without)) {
        kept = without
        j = i
      }
    }
  return kept
}

/** Which of two versions of an object is newer (KEP-5504: resourceVersions are whole numbers of up to 128 bits). */

const number = /^(?:0|[1-9]\d*)$/

/**
 * Below zero if `a` is older, 0 if they are the same, above zero if it is newer; `undefined` if one of them is no number, so
 * that nothing can be said. As texts, by length and then digit by digit: a JavaScript number would lose the last digits.
 */
export const compareResourceVersions = (a: string, b: string): number | undefined => {
  if (a === b) return 0
  if (!number.test(a) || !number.test(b)) return undefined
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : 1
}

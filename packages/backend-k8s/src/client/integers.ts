/** Integers that a double cannot hold: int64 goes further than a double is exact. */

/** A run of digits that a double may not hold; cheap to look for, and nearly never there. */
const manyDigits = /[:[,]\s*-?\d{16,}\s*[,}\]]/

/** The first integer of a JSON text that `JSON.parse` rounds. */
export const roundedInteger = (text: string): string | undefined => {
  if (!manyDigits.test(text)) return undefined
  let found: string | undefined
  JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source
    if (typeof value === "number" && source !== undefined && /^-?\d+$/.test(source) && BigInt(source) !== BigInt(value))
      found ??= source
    return value
  })
  return found
}

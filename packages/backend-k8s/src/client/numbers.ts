/** Numbers that a double cannot hold: int64 goes further than a double is exact, and nothing stops a writer from more digits. */

/** A number that a double may not hold; cheap to look for, and nearly never there. */
const suspicious = /[:[,]\s*-?(?:[\d.]{16,}|[\d.]+[eE][+-]?\d{3,})/

/** The digits that count and the place of the last one: equal for equal numbers. */
const normal = (text: string): string | undefined => {
  const parts = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (parts === null) return undefined
  const [, whole = "", fraction = "", exponent = "0"] = parts
  const digits = (whole + fraction).replace(/^0+/, "")
  const kept = digits.replace(/0+$/, "")
  return kept === "" ? "0" : `${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`
}

/** Is the value another number than its text says? */
export const isRounded = (value: number, text: string): boolean => {
  const said = normal(text)
  return said !== undefined && said !== normal(String(value))
}

/** The first number of a JSON text that `JSON.parse` rounds, in its own digits. */
export const roundedNumber = (text: string): string | undefined => {
  if (!suspicious.test(text)) return undefined
  let found: string | undefined
  JSON.parse(text, (_key, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source
    if (typeof value === "number" && source !== undefined && isRounded(value, source)) found ??= source
    return value
  })
  return found
}

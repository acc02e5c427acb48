/** Kubernetes quantities ("100m", "1.5Gi", "2e3"): exact values and canonical text (`k8s.io/apimachinery/pkg/api/resource/quantity.go`). */

/** An exact value in nano-units, and the family of suffixes it is written with. `text` is kept where Kubernetes keeps it. */
export interface Quantity {
  readonly nano: bigint
  readonly format: "BinarySI" | "DecimalSI" | "DecimalExponent"
  readonly text?: string
}

/** The text of Kubernetes' refusals. */
export const QUANTITY_FORMAT_WRONG =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

const NANO = 1_000_000_000n
const MAX_BINARY = ((1n << 63n) - 1n) * NANO

/** Powers of ten that the suffixes stand for. */
export const decimalSuffixes: { readonly [suffix: string]: number } = {
  n: -9,
  u: -6,
  m: -3,
  "": 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18
}
/** Powers of two. */
export const binarySuffixes: { readonly [suffix: string]: number } = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 }
const suffixAt = (exponent: number): string =>
  Object.entries(decimalSuffixes).find(([, value]) => value === exponent)?.[0] ?? `e${exponent}`
const binarySuffixAt = (bits: number): string =>
  Object.entries(binarySuffixes).find(([, value]) => value === bits)?.[0] ?? ""

const shape = /^([+-]?)(\d*)(?:\.(\d*))?((?:[eE][+-]?\d+)|[a-zA-Z]*)$/

type Scale = { readonly format: Quantity["format"]; readonly exponent: number }

const scaleOf = (suffix: string): Scale | undefined => {
  if (Object.hasOwn(decimalSuffixes, suffix)) return { format: "DecimalSI", exponent: decimalSuffixes[suffix] ?? 0 }
  if (Object.hasOwn(binarySuffixes, suffix)) return { format: "BinarySI", exponent: binarySuffixes[suffix] ?? 0 }
  return /^[eE][+-]?\d+$/.test(suffix) ? { format: "DecimalExponent", exponent: Number(suffix.slice(1)) } : undefined
}

const abs = (value: bigint): bigint => (value < 0n ? -value : value)

/** Away from zero to a multiple of `unit`. */
const roundUp = (value: bigint, unit: bigint): bigint => {
  const up = ((abs(value) + unit - 1n) / unit) * unit
  return value < 0n ? -up : up
}

/** Kubernetes reuses a text that it takes for canonical, although some are not quite ("1.500" stays "1.500"). */
const kept = (text: string, scale: Scale, digits: string, fraction: string): boolean => {
  if (scale.format === "BinarySI")
    return fraction === "" && digits.length <= 14 - Math.floor((scale.exponent * 3) / 10) && BigInt(digits) % 8n !== 0n
  const exponent = scale.exponent - fraction.length
  return (
    text !== "" &&
    digits.length <= 18 &&
    exponent >= -9 &&
    exponent % 3 === 0 &&
    !digits.endsWith("000") &&
    !digits.startsWith("0")
  )
}

/** The texts that were read lately: a cluster has a few of them, and reads them at every look at a pod. */
const known = new Map<string, Quantity>()
const MOST_KNOWN = 4_096

/** Reads a quantity exactly; below a nano-unit it is rounded away from zero. `undefined` if it is none. */
export const parseQuantity = (text: string): Quantity | undefined => {
  const before = known.get(text)
  if (before !== undefined) return before
  const read = readQuantity(text)
  if (known.size >= MOST_KNOWN) known.clear()
  if (read !== undefined) known.set(text, read)
  return read
}

const readQuantity = (text: string): Quantity | undefined => {
  const match = shape.exec(text)
  if (match === null || text === "" || !/\d/.test(text)) return undefined
  const [, sign = "", whole = "", fraction = "", suffix = ""] = match
  const scale = scaleOf(suffix)
  if (scale === undefined || Math.abs(scale.exponent) > 60) return undefined
  if (text === "0") return { nano: 0n, format: "DecimalSI", text }
  const digits = `${whole.replace(/^0+/, "") || "0"}${fraction}`
  const multiplier =
    scale.format === "BinarySI" ? 1n << BigInt(scale.exponent) : 10n ** BigInt(Math.max(scale.exponent, 0))
  const divisor = 10n ** BigInt(fraction.length + (scale.format === "BinarySI" ? 0 : Math.max(-scale.exponent, 0)))
  const amount = roundUp(BigInt(digits) * multiplier * NANO, divisor) / divisor
  const capped = scale.format === "BinarySI" && amount > MAX_BINARY ? MAX_BINARY : amount
  const tiny = scale.format === "BinarySI" && capped > 0n && capped < NANO
  const nano = sign === "-" ? -capped : capped
  return {
    nano,
    format: tiny ? "DecimalSI" : scale.format,
    ...(kept(text, scale, digits, fraction) ? { text } : {})
  }
}

const decimalText = (nano: bigint, format: Quantity["format"]): string => {
  let [number, exponent] = [nano, -9]
  while (number % 1_000n === 0n && exponent < 18) [number, exponent] = [number / 1_000n, exponent + 3]
  if (format === "DecimalExponent") return exponent === 0 ? `${number}` : `${number}e${exponent}`
  return `${number}${suffixAt(exponent)}`
}

/** As `kubectl get -o yaml` shows it: no fraction, the largest suffix that keeps the value whole. */
export const quantityText = (quantity: Quantity): string => {
  if (quantity.text !== undefined) return quantity.text
  const { nano, format } = quantity
  if (nano === 0n) return "0"
  if (format !== "BinarySI" || abs(nano) < 1_024n * NANO || nano % NANO !== 0n) {
    return decimalText(nano, format === "BinarySI" ? "DecimalSI" : format)
  }
  let [number, bits] = [nano / NANO, 0]
  while (number % 1_024n === 0n && bits < 60) [number, bits] = [number / 1_024n, bits + 10]
  return `${number}${binarySuffixAt(bits)}`
}

/** Thousandths, rounded up as `Quantity.MilliValue` does: a cpu of 100m is 100. */
export const milliValue = (quantity: Quantity): bigint => roundUp(quantity.nano, 1_000_000n) / 1_000_000n

/** Whole units, rounded up as `Quantity.Value` does: bytes, pods. */
export const wholeValue = (quantity: Quantity): bigint => roundUp(quantity.nano, NANO) / NANO

/** Negative, zero, positive, as `a` is less than, equal to, greater than `b`. */
export const compareQuantity = (a: Quantity, b: Quantity): number => (a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0)

/** The sum; written like the first, or like the second if the first is nothing. */
export const addQuantity = (a: Quantity, b: Quantity): Quantity => ({
  nano: a.nano + b.nano,
  format: a.nano === 0n ? b.format : a.format
})

/** What the API server stores in a resource list: nothing finer than a thousandth (`SetDefaults_ResourceList`). */
export const roundToMilli = (quantity: Quantity): Quantity =>
  quantity.nano % 1_000_000n === 0n ? quantity : { nano: roundUp(quantity.nano, 1_000_000n), format: quantity.format }

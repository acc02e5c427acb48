/** A quantity as Go keeps it in memory, printed with all that is inside (`k8s.io/apimachinery/pkg/api/resource/quantity.go`, ParseQuantity). */
import { binarySuffixes, decimalSuffixes, parseQuantity, type Quantity } from "../../event/Quantity.ts"

const WORD = 1n << 64n
/** The most digits that are kept as a number of 64 bits and a power of ten (maxInt64Factors). */
const MAX_DIGITS = 18
const MAX_INT64 = (1n << 63n) - 1n
/** What does not fit is kept in parts of 10⁻⁹. */
const NANO_SCALE = 9

interface Parts {
  readonly negative: boolean
  readonly digits: string
  readonly fraction: string
  readonly suffix: string
}

const partsOf = (text: string): Parts => {
  const [, sign, whole = "", fraction = "", suffix = ""] = /^([+-]?)(\d*)(?:\.(\d*))?(.*)$/.exec(text) ?? []
  return { negative: sign === "-", digits: whole.replace(/^0+(?=\d)/, ""), fraction, suffix }
}

interface Amount {
  readonly value: bigint
  readonly scale: number
  /** Is the text kept beside it? */
  readonly kept: boolean
}

const binaryAmount = ({ digits, fraction }: Parts, bits: number): Amount | undefined => {
  const precision = 15 - digits.length - (bits * 3) / 10 - 1
  if (precision < 0 || fraction !== "") return undefined
  return { value: BigInt(digits) << BigInt(bits), scale: 0, kept: BigInt(digits) % 8n !== 0n }
}

const decimalAmount = ({ digits, fraction }: Parts, exponent: number): Amount | undefined => {
  const shifted = digits + fraction
  const scale = exponent - fraction.length
  if (shifted.length > MAX_DIGITS || scale < -9) return undefined
  const kept = scale % 3 === 0 && !shifted.endsWith("000") && !shifted.startsWith("0")
  return { value: BigInt(shifted), scale, kept }
}

/** What 64 bits hold; `undefined`: it is kept as a large decimal. */
const amountOf = (parts: Parts): Amount | undefined => {
  const bits = binarySuffixes[parts.suffix]
  const exponent = decimalSuffixes[parts.suffix] ?? Number(parts.suffix.slice(1))
  const amount = bits === undefined ? decimalAmount(parts, exponent) : binaryAmount(parts, bits)
  return amount === undefined || amount.value > MAX_INT64 ? undefined : amount
}

const words = (value: bigint): string => {
  const found: Array<string> = []
  for (let rest = value; rest > 0n; rest /= WORD) found.push(String(rest % WORD))
  return found.length === 0 ? "(big.nat)<nil>" : `(big.nat)[${found.join(" ")}]`
}

const printed = (amount: Amount, dec: string, text: string, format: Quantity["format"]): string =>
  `{i:(resource.int64Amount){value:(int64)${amount.value} scale:(resource.Scale)${amount.scale}} ` +
  `d:(resource.infDecAmount){Dec:${dec}} s:(string)${text} Format:(resource.Format)${format}}`

const none: Amount = { value: 0n, scale: 0, kept: false }

/** The inside of a `resource.Quantity` that was read from `text`, which is one. */
export const dumpQuantity = (text: string): string => {
  const quantity = parseQuantity(text)
  if (quantity === undefined) throw new RangeError(`${text} is no quantity`)
  const nothing = "(*inf.Dec)<nil>"
  if (text === "0") return printed(none, nothing, "0", "DecimalSI")
  const parts = partsOf(text)
  const amount = amountOf(parts)
  if (amount === undefined) {
    const nano = quantity.nano < 0n ? -quantity.nano : quantity.nano
    const big = `(big.Int){neg:(bool)${quantity.nano < 0n} abs:${words(nano)}}`
    return printed(none, `(*inf.Dec){unscaled:${big} scale:(inf.Scale)${NANO_SCALE}}`, "", quantity.format)
  }
  const value = parts.negative ? -amount.value : amount.value
  return printed({ ...amount, value }, nothing, amount.kept ? text : "", quantity.format)
}

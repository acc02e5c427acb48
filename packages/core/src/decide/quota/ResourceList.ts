/** Amounts by name, as quotas count them (`k8s.io/apiserver/pkg/quota/v1/resources.go`). */
import { isJsonObject, type Json } from "../../event/Json.ts"
import { addQuantity, compareQuantity, parseQuantity, type Quantity, quantityText } from "../../event/Quantity.ts"

export type Amounts = ReadonlyMap<string, Quantity>

export const ONE: Quantity = { nano: 1_000_000_000n, format: "DecimalSI" }
export const ZERO: Quantity = { nano: 0n, format: "DecimalSI" }

/** A `ResourceList` of an object. */
export const amountsOf = (list: Json | undefined): Amounts => {
  const amounts = new Map<string, Quantity>()
  for (const [name, text] of isJsonObject(list) ? Object.entries(list) : []) {
    const quantity = parseQuantity(String(text))
    if (quantity !== undefined) amounts.set(name, quantity)
  }
  return amounts
}

export const listOf = (amounts: Amounts): { readonly [name: string]: string } =>
  Object.fromEntries([...amounts].map(([name, quantity]) => [name, quantityText(quantity)] as const).sort())

export const add = (a: Amounts, b: Amounts): Amounts => {
  const sum = new Map(a)
  for (const [name, quantity] of b) {
    const other = sum.get(name)
    sum.set(name, other === undefined ? quantity : addQuantity(other, quantity))
  }
  return sum
}

/** `a - b`, and nothing where that is less than nothing (SubtractWithNonNegativeResult). */
export const subtract = (a: Amounts, b: Amounts): Amounts => {
  const names = new Set([...a.keys(), ...b.keys()])
  return new Map(
    [...names].map((name) => {
      const own = a.get(name) ?? ZERO
      const nano = own.nano - (b.get(name)?.nano ?? 0n)
      return [name, nano > 0n ? { nano, format: own.format } : ZERO]
    })
  )
}

/** Only those names. */
export const mask = (amounts: Amounts, names: ReadonlySet<string>): Amounts =>
  new Map([...amounts].filter(([name]) => names.has(name)))

export const withoutZeros = (amounts: Amounts): Amounts => new Map([...amounts].filter(([, { nano }]) => nano !== 0n))

export const sameAmounts = (a: Amounts, b: Amounts): boolean =>
  a.size === b.size && [...a].every(([name, { nano }]) => b.get(name)?.nano === nano)

/** The names of which `amounts` has more than `most` allows. */
export const exceeding = (amounts: Amounts, most: Amounts): ReadonlySet<string> =>
  new Set(
    [...most].flatMap(([name, limit]) => {
      const amount = amounts.get(name)
      return amount !== undefined && compareQuantity(amount, limit) > 0 ? [name] : []
    })
  )

/** `cpu=2,pods=1`. */
export const shown = (amounts: Amounts): string =>
  [...amounts]
    .map(([name, quantity]) => [name, quantityText(quantity)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, text]) => `${name}=${text}`)
    .join(",")

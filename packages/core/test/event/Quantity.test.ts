/** Quantities as Kubernetes reads, compares and prints them (`quantity_test.go` has many of these cases). */
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  addQuantity,
  compareQuantity,
  milliValue,
  parseQuantity,
  type Quantity,
  quantityText,
  roundToMilli,
  wholeValue
} from "../../src/event/Quantity.ts"

const read = (text: string): Quantity => {
  const quantity = parseQuantity(text)
  if (quantity === undefined) throw new Error(`${text} is no quantity`)
  return quantity
}

describe("a quantity", () => {
  it.each([
    ["0", "0"],
    ["100m", "100m"],
    ["0.1", "100m"],
    ["1", "1"],
    ["2", "2"],
    ["1000m", "1"],
    ["1.5", "1500m"],
    ["1500m", "1500m"],
    ["1024Mi", "1Gi"],
    ["1Gi", "1Gi"],
    ["1.5Gi", "1536Mi"],
    ["0.5Ki", "512"],
    ["1Ki", "1Ki"],
    ["1000Ki", "1000Ki"],
    ["2048", "2048"],
    ["1000", "1k"],
    ["1e3", "1e3"],
    ["1000000", "1M"],
    ["12E", "12E"],
    ["100u", "100u"],
    ["0.0001", "100u"],
    ["1e-3", "1e-3"],
    ["1E3", "1E3"],
    ["1.500", "1.500"],
    ["24Gi", "24Gi"],
    ["-1", "-1"],
    ["1.1Gi", "1181116006400m"],
    ["0.1n", "1n"]
  ])("prints %s as %s", (text, printed) => {
    expect(quantityText(read(text))).toBe(printed)
  })

  it.each(["", "Mi", "1.1.M", "1+1.0M", "0.1mi", "0.1am", "aoeu", ".5i", "1i", "-3.01i", "-3.01e-", "1 Gi", "1Gb"])(
    "refuses %j",
    (text) => {
      expect(parseQuantity(text)).toBeUndefined()
    }
  )

  it("counts thousandths and whole units, rounded up", () => {
    expect([
      milliValue(read("0.5")),
      milliValue(read("1u")),
      wholeValue(read("1.2")),
      wholeValue(read("64Mi"))
    ]).toEqual([500n, 1n, 2n, 67_108_864n])
  })

  it("is stored with nothing finer than a thousandth", () => {
    expect(quantityText(roundToMilli(read("100.5m")))).toBe("101m")
  })

  it("compares and adds by value, not by text", () => {
    expect(compareQuantity(read("1000m"), read("1"))).toBe(0)
    expect(compareQuantity(read("1Gi"), read("1G"))).toBe(1)
    expect(quantityText(addQuantity(read("0"), read("512Mi")))).toBe("512Mi")
    expect(quantityText(addQuantity(read("512Mi"), read("512Mi")))).toBe("1Gi")
  })

  it("keeps its value through its text", () => {
    const suffix = fc.constantFrom("", "n", "u", "m", "k", "M", "G", "Ki", "Mi", "Gi", "e3", "e-3")
    fc.assert(
      fc.property(fc.nat(), fc.nat(999), suffix, (whole, fraction, unit) => {
        const quantity = read(`${whole}.${fraction}${unit}`)
        return compareQuantity(read(quantityText(quantity)), quantity) === 0
      })
    )
  })
})

import { existsSync, readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"
import { toZonedTime, unknownTimeZone, zoneOffset } from "../../../../src/decide/controller/cronjob/timeZone.ts"
import { timeZoneNames } from "../../../../src/decide/controller/cronjob/timeZoneNames.ts"
import { type Instant, parseInstant, toTime } from "../../../../src/event/Instant.ts"

const zip = ["/usr/local/go", "/usr/lib/go", process.env["GOROOT"] ?? ""]
  .map((root) => `${root}/lib/time/zoneinfo.zip`)
  .find((file) => existsSync(file))

/** From the central directory of the archive. */
const namesIn = (file: string): ReadonlyArray<string> => {
  const bytes = readFileSync(file)
  const names: Array<string> = []
  for (let at = bytes.indexOf("PK\x01\x02", 0, "latin1"); at >= 0; at = bytes.indexOf("PK\x01\x02", at + 4, "latin1"))
    names.push(bytes.toString("utf8", at + 46, at + 46 + bytes.readUInt16LE(at + 28)))
  return names.filter((name) => !name.endsWith("/"))
}

const names = Object.entries(timeZoneNames).flatMap(([area, all]) =>
  all.split(" ").map((name) => (area === "" ? name : `${area}/${name}`))
)

const at = (text: string): Instant => parseInstant(text) as Instant

describe("time zones", () => {
  it.skipIf(zip === undefined)("have the names that Go's database has", () => {
    expect([...names].sort()).toEqual([...namesIn(zip ?? "")].sort())
  })

  it("are all known to Node", () => {
    for (const name of names) expect(Number.isInteger(zoneOffset(name, at("2026-07-01T00:00:00Z")))).toBe(true)
  })

  it.each([
    ["Europe/Berlin", "2026-03-29T00:59:59Z", "2026-03-29T01:59:59+01:00"],
    ["Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"],
    ["Asia/Kolkata", "2026-03-29T01:00:00Z", "2026-03-29T06:30:00+05:30"],
    ["America/St_Johns", "2026-01-01T00:00:00Z", "2025-12-31T20:30:00-03:30"],
    ["UTC", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
    ["", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"]
  ])("C-313: in %s %s is %s", (zone, time, shown) => {
    expect(toZonedTime(at(time), zone, toTime)).toBe(shown)
  })

  it("C-317: of other names are unknown, capitals count", () => {
    expect(unknownTimeZone("Europe/Berlin")).toBe(undefined)
    expect(unknownTimeZone("europe/berlin")).toBe("unknown time zone europe/berlin")
    expect(unknownTimeZone("Berlin")).toBe("unknown time zone Berlin")
    expect(unknownTimeZone("../etc")).toBe("time: invalid location name")
  })
})

import { expect, it } from "@effect/vitest"
import { Names } from "../../../src/property/slice/Names.ts"

it("a name is that of the newest life, and of the one before again when that is gone", () => {
  const names = new Names()
  for (const life of ["a", "b", "c", "c"]) names.add("pod p", life)
  expect([names.newest("pod p"), names.all("pod p")]).toEqual(["c", ["a", "b", "c"]])
  names.remove("pod p", "b")
  expect(names.all("pod p")).toEqual(["a", "c"])
  names.remove("pod p", "c")
  expect([names.newest("pod p"), names.all("pod p")]).toEqual(["a", ["a"]])
  names.remove("pod p", "a")
  expect([names.newest("pod p"), names.all("pod p")]).toEqual([undefined, []])
})

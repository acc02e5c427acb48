/** Continue tokens as Kubernetes 1.36.3 writes and reads them. */
import { Result } from "effect"
import * as fc from "fast-check"
import { describe, expect, it } from "vitest"
import { decodeContinue, encodeContinue } from "../../../../src/decide/apiserver/list/continueToken.ts"
import { golden } from "./golden.ts"

interface Decoded {
  readonly token: string
  readonly key?: string
  readonly rv?: number
  readonly error?: string
}

const { decoded, encoded } = golden<{
  decoded: ReadonlyArray<Decoded>
  encoded: { readonly [key: string]: string }
}>("goContinues")

describe("C-159: a continue token", () => {
  it.each(Object.entries(encoded))("that goes on behind %s is Kubernetes' own", (key, token) => {
    expect(encodeContinue({ resourceVersion: 7n, start: `${key}\0` })).toBe(token)
  })

  it.each(decoded)("C-161: $token is read, or refused in the same words", ({ token, error, key = "" }) => {
    const read = decodeContinue(token)
    expect(Result.isFailure(read) ? read.failure : undefined).toBe(error)
    if (Result.isSuccess(read)) expect(read.success.start).toBe(key.slice(1))
  })

  it("keeps a resourceVersion that no JavaScript number holds, and one below zero", () => {
    for (const resourceVersion of [9_223_372_036_854_775_807n, 9_007_199_254_740_993n, -1n]) {
      const token = encodeContinue({ resourceVersion, start: "default/p\0" })
      expect(decodeContinue(token)).toEqual(Result.succeed({ resourceVersion, start: "default/p\0" }))
    }
  })

  it("is read as it was written, whatever the names", () => {
    const name = fc
      .string({ minLength: 1, unit: "grapheme" })
      .filter((text) => !text.includes("/") && !/^\.{1,2}$/.test(text))
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: (1n << 63n) - 1n }), name, name, (resourceVersion, namespace, last) => {
        const token = { resourceVersion, start: `${namespace}/${last}\0` }
        expect(decodeContinue(encodeContinue(token))).toEqual(Result.succeed(token))
      })
    )
  })
})

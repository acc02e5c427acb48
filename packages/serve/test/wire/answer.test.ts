/** Answers as they go over the wire. */
import { failure, internalFailure, tooManyRequests } from "@kubereel/core"
import { expect, it } from "vitest"
import { statusAnswer, wireAnswer } from "../../src/wire/answer.ts"

const json = { format: "json", stream: false, pretty: false } as const

it("a refusal that says when to ask again says so in a header, whoever was refused", () => {
  expect(statusAnswer(tooManyRequests("no", 10, []), {}).headers["retry-after"]).toBe("10")
  const late = failure(504, "Timeout", "Too large resource version", { retryAfterSeconds: 1 })
  expect(wireAnswer(504, late, json).headers).toEqual({ "content-type": "application/json", "retry-after": "1" })
})

it("nothing else has that header", () => {
  expect(statusAnswer(internalFailure("no"), {}).headers["retry-after"]).toBeUndefined()
  expect(
    wireAnswer(200, { kind: "Pod", details: { retryAfterSeconds: 1 } }, json).headers["retry-after"]
  ).toBeUndefined()
})

/** Queries of lists and watches, as the parameter codec, the defaults and the validation of Kubernetes 1.36.3 take them. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { listOptions } from "../../../../src/decide/apiserver/list/listOptions.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import { golden } from "./golden.ts"

interface Answer {
  readonly query: string
  readonly status?: JsonObject
  readonly options?: JsonObject
}

const pods = { group: "", version: "v1", kind: "Pod", namespaced: true }
const ask = (query: string, name?: string) =>
  listOptions(new URLSearchParams(query), { kind: pods, ...(name === undefined ? {} : { name }) })

/** Go writes metadata that is empty, the type and nothing else of a Status that it makes. */
const told = ({ apiVersion: _, kind: __, ...status }: JsonObject): JsonObject => status

describe("C-161, C-166, C-169, C-171: the query of a list or a watch", () => {
  it.each(golden<ReadonlyArray<Answer>>("goQueries"))("?$query", ({ query, status, options }) => {
    const answer = ask(query)
    if (Result.isFailure(answer)) expect(told(answer.failure)).toEqual(status)
    else {
      const { fieldSelector: _, labelSelector: __, ...rest } = answer.success
      expect(rest).toEqual(options)
    }
  })

  it("has its selectors read", () => {
    expect(Result.getOrThrow(ask("labelSelector=app%3Dweb&fieldSelector=spec.nodeName%3Dn"))).toMatchObject({
      labelSelector: [{ key: "app", operator: "=", values: ["web"] }],
      fieldSelector: [{ field: "spec.nodeName", operator: "=", value: "n" }]
    })
  })

  it("is refused for a field that the kind does not have", () => {
    const refused = ask("fieldSelector=spec.color%3Dred")
    expect(refused).toMatchObject(
      Result.fail({ code: 400, reason: "BadRequest", message: "field label not supported: spec.color" })
    )
  })
})

describe("C-177: a watch of one object", () => {
  it("is a watch of those with its name", () => {
    expect(Result.getOrThrow(ask("watch=true", "p")).fieldSelector).toEqual([
      { field: "metadata.name", operator: "=", value: "p" }
    ])
  })

  it("may say the name once more, and something beside it", () => {
    const answer = Result.getOrThrow(ask("watch=true&fieldSelector=metadata.name%3Dp,status.phase%3DRunning", "p"))
    expect(answer.fieldSelector).toHaveLength(2)
  })

  it.each(["metadata.name%3Dq", "metadata.name!%3Dp", "status.phase%3DRunning"])("does not go with %s", (selector) => {
    expect(ask(`watch=true&fieldSelector=${selector}`, "p")).toMatchObject(
      Result.fail({ code: 400, message: "fieldSelector metadata.name doesn't match requested name" })
    )
  })
})

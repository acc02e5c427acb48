import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { ApiWriter } from "../../src/client/ApiWriter.ts"
import { warningTexts } from "../../src/client/warningHeaders.ts"
import { kubeconfigFor } from "../record/session.ts"

describe("the warnings of an answer", () => {
  it("are the texts of its headers, whoever put them together", () => {
    assert.deepStrictEqual(warningTexts([`299 - "a \\"quoted\\" field, and \\\\"`]), ['a "quoted" field, and \\'])
    assert.deepStrictEqual(warningTexts([`299 - "a" "Mon, 01 Jan 2026 00:00:00 GMT", 299 agent "b"`, `299 - "c"`]), [
      "a",
      "b",
      "c"
    ])
  })

  it("are in UTF-8", () => {
    const bytes = Buffer.from('299 - "für alle"', "utf8").toString("latin1")
    assert.deepStrictEqual(warningTexts([bytes]), ["für alle"])
  })

  it("are no others than those for people, and nothing that is no warning", () => {
    assert.deepStrictEqual(warningTexts(['110 - "stale"', "299 -", 'no "warning"', ""]), [])
  })

  it.effect("come with the answer of who asks for changes", () =>
    Effect.gen(function* () {
      const server = yield* Effect.acquireRelease(
        Effect.promise(async () => {
          const made = createServer((_, response) => {
            response.setHeader("Warning", ['299 - "first"', '299 - "second"'])
            response.writeHead(201).end("{}")
          })
          await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve))
          return made
        }),
        (made) => Effect.sync(() => made.closeAllConnections()).pipe(Effect.andThen(Effect.sync(() => made.close())))
      )
      const { file: kubeconfig } = yield* kubeconfigFor(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
      const writer = yield* ApiWriter.make({ kubeconfig })
      const answer = yield* writer.ask({ method: "POST", path: "/api/v1/pods", body: {} })
      assert.deepStrictEqual(answer, { status: 201, body: {}, warnings: ["first", "second"] })
    })
  )
})

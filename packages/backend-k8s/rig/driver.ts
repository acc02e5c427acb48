/**
 * The rig's driver as a program for `kubereel run --node-driver`: one order on its stdin, one sentence on stderr where it fails.
 * It is started anew for each of them: what it imports loads no more than an order needs.
 */
import { json } from "node:stream/consumers"
import type { NodeOrder, NodeQuestion } from "@kubereel/backend-k8s"
import * as Effect from "effect/Effect"
import { canObey, obey } from "./obey.ts"
import { attachRig } from "./Rig.ts"

type Asked = (NodeOrder | NodeQuestion) & { readonly check: boolean }

const drive = Effect.gen(function* () {
  const [name = ""] = process.argv.slice(2)
  const asked = (yield* Effect.promise(() => json(process.stdin))) as Asked
  const rig = yield* attachRig(name)
  yield* asked.check ? canObey(rig, asked) : obey(rig, asked as NodeOrder)
})

await Effect.runPromise(
  Effect.catch(drive, ({ message }) =>
    Effect.sync(() => {
      process.stderr.write(`${message}\n`)
      process.exitCode = 1
    })
  )
)

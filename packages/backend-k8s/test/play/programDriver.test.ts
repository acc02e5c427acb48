/** A driver that is a program: what it is sent, and what its end means. */
import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import type { NodeOrder } from "../../src/play/NodeDriver.ts"
import { faultOrder, ordersOf, undoing } from "../../src/play/nodeOrders.ts"
import { programDriver } from "../../src/play/programDriver.ts"

const file = () => join(mkdtempSync(join(tmpdir(), "kubereel-driver-")), "asked")
const stop: NodeOrder = { node: "a", kubelet: "stop" }

describe("a program that drives nodes", () => {
  it.effect("gets one order as JSON on its stdin, and is asked first whether it could", () =>
    Effect.gen(function* () {
      const asked = file()
      const driver = programDriver(`cat >> ${asked}`)
      yield* driver.check({ node: "a" })
      yield* driver.act(stop)
      const lines = readFileSync(asked, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
      assert.deepStrictEqual(lines, [
        { schemaVersion: 1, check: true, node: "a" },
        { schemaVersion: 1, check: false, node: "a", kubelet: "stop" }
      ])
    })
  )

  it.effect("says in its last line why not; where it says nothing, its exit status does", () =>
    Effect.gen(function* () {
      const said = (command: string) =>
        Effect.map(Effect.flip(programDriver(command).act(stop)), ({ message }) => message)
      assert.strictEqual(yield* said("echo looking; echo 'no node a' >&2; exit 1"), "no node a")
      assert.strictEqual(yield* said("printf 'trying\\nno node a\\n'; exit 1"), "no node a")
      assert.strictEqual(yield* said("exit 3"), "exit status 3")
      assert.strictEqual(yield* said("kill -KILL $$"), "SIGKILL")
      assert.match(yield* said("/no/such/driver"), /not found|No such file/)
    })
  )

  it.live("ends what it has begun, also when the run is stopped", () =>
    Effect.gen(function* () {
      const done = file()
      const fiber = yield* Effect.forkChild(programDriver(`sleep 0.3; echo done > ${done}`).act(stop))
      yield* Effect.sleep("100 millis")
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(readFileSync(done, "utf8"), "done\n")
    })
  )
})

describe("orders", () => {
  it("say what a step says, part by part", () => {
    const step = { kubelet: undefined, cordon: true, power: "off", network: "cut", pressure: [], staticPods: undefined }
    assert.deepStrictEqual(ordersOf({ _tag: "Node", name: "a", ...step } as never), [
      { node: "a", power: "off" },
      { node: "a", network: "cut" },
      { node: "a", pressure: [] }
    ])
    const fault = { _tag: "Fault", node: "a", call: "Status", pod: "*", message: "" } as const
    assert.deepStrictEqual(faultOrder({ ...fault, for: 1_500_000 }), {
      node: "a",
      fault: { call: "Status", pod: "*", message: "", seconds: 1.5 }
    })
    assert.notProperty((faultOrder({ ...fault, for: undefined }) as { fault: object }).fault, "seconds")
  })

  it("are taken back by their opposite, which itself leaves nothing to take back", () => {
    const target = { namespace: "n", pod: "p", container: "c", signal: 9 }
    const orders: ReadonlyArray<readonly [NodeOrder, NodeOrder | undefined]> = [
      [stop, { node: "a", kubelet: "start" }],
      [{ node: "a", kubelet: "restart" }, undefined],
      [
        { node: "a", power: "off" },
        { node: "a", power: "on" }
      ],
      [
        { node: "a", power: "shutdown" },
        { node: "a", power: "on" }
      ],
      [
        { node: "a", network: "cut" },
        { node: "a", network: "heal" }
      ],
      [
        { node: "a", pressure: [{ resource: "disk", available: 1 }] },
        { node: "a", pressure: [] }
      ],
      [
        { node: "a", staticPods: [{} as never] },
        { node: "a", staticPods: [] }
      ],
      [
        faultOrder({ _tag: "Fault", node: "a", call: "Status", pod: "*", message: "", for: 1 }),
        { node: "a", fault: null }
      ],
      [{ node: "a", kill: target }, undefined]
    ]
    for (const [order, back] of orders) {
      assert.deepStrictEqual(undoing(order)[1], back)
      if (back !== undefined) assert.deepStrictEqual(undoing(back), [undoing(order)[0], undefined])
    }
  })
})

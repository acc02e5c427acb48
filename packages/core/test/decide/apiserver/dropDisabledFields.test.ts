/** What a disabled feature gate takes out of a pod. */
import { expect, it } from "vitest"
import { dropDisabledFields } from "../../../src/decide/apiserver/dropDisabledFields.ts"

const preStop = { sleep: { seconds: 1 } }

it("a stop signal is dropped, and with it a lifecycle that says nothing else", () => {
  const spec = {
    initContainers: [{ name: "i", lifecycle: { stopSignal: "SIGUSR1" } }],
    containers: [
      { name: "a", lifecycle: { stopSignal: "SIGUSR1", preStop } },
      { name: "b", lifecycle: { preStop } },
      { name: "c" }
    ]
  }
  expect(dropDisabledFields(spec)).toEqual({
    initContainers: [{ name: "i" }],
    containers: [{ name: "a", lifecycle: { preStop } }, { name: "b", lifecycle: { preStop } }, { name: "c" }]
  })
})

it("a pod without any stays as it is", () => {
  const spec = { containers: [{ name: "a", image: "b" }], restartPolicy: "Never" }
  expect(dropDisabledFields(spec)).toEqual(spec)
})

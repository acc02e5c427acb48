import { expect, it } from "vitest"
import { terminationPrerequisites } from "../../../src/decide/kubelet/terminationOrdering.ts"
import { container, pod } from "./given.ts"

const sidecar = (name: string) => container(name, { restartPolicy: "Always" })
const spec = {
  initContainers: [sidecar("first"), container("setup"), sidecar("second"), sidecar("third")],
  containers: [container("a"), container("b")]
}
const waits = (...running: ReadonlyArray<string>) =>
  Object.fromEntries(
    [...(terminationPrerequisites(pod(spec), new Set(running)) ?? [])].map(([name, others]) => [name, [...others]])
  )

it("K-260: a sidecar waits for all regular containers and for the sidecar that was started after it", () => {
  expect(waits("first", "second", "third", "a", "b")).toEqual({
    first: ["a", "b", "second"],
    second: ["a", "b", "third"],
    third: ["a", "b"]
  })
})

it("K-260: nobody waits for what does not run", () => {
  expect(waits("first", "third", "b")).toEqual({ first: ["b"], second: ["b", "third"], third: ["b"] })
})

it("K-260: in a pod without sidecars nobody waits", () => {
  expect(terminationPrerequisites(pod({ initContainers: [container("setup")] }), new Set(["main"]))).toBeUndefined()
})

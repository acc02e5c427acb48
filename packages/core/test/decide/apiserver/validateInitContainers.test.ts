/** What init containers may have that are sidecars, what those that are none may not, and how none may be called. */
import { expect, it } from "vitest"
import { container, manifest, refused, stored } from "./pods.ts"

const probe = { exec: { command: ["check"] } }
const hook = { exec: { command: ["bye"] } }
const of = (more: object) => manifest({ initContainers: [{ ...container({}), name: "i", ...more }] })
const forbidden = (field: string) =>
  `Pod "p" is invalid: spec.initContainers[0].${field}: Forbidden: may not be set for init containers without restartPolicy=Always`

it.each([
  ["S-123", "livenessProbe", probe],
  ["S-123", "readinessProbe", probe],
  ["S-123", "startupProbe", probe],
  ["S-124", "lifecycle", { preStop: hook }]
])("%s: an init container has no %s, a sidecar may", (_, field, value) => {
  expect(refused(of({ [field]: value })).message).toBe(forbidden(field))
  const sidecar = stored(of({ [field]: value, restartPolicy: "Always" }))
  expect(sidecar.spec.initContainers?.[0]?.[field]).toBeDefined()
})

it("S-011: an init container has a name that no other container of its pod has, of whatever list", () => {
  expect(refused(of({ name: "c" })).message).toBe(
    'Pod "p" is invalid: spec.initContainers[0].name: Duplicate value: "c"'
  )
  expect(refused(of({ name: "c", restartPolicy: "Always" })).message).toContain('Duplicate value: "c"')
  const twice = [container({ name: "i" }), container({ name: "i" })]
  expect(refused(manifest({ initContainers: twice })).message).toBe(
    'Pod "p" is invalid: spec.initContainers[1].name: Duplicate value: "i"'
  )
})

import { expect, it } from "vitest"
import type { FieldError } from "../../../src/decide/apiserver/status.ts"
import {
  validateInitRestartPolicy,
  validateRestartPolicy
} from "../../../src/decide/apiserver/validateRestartPolicy.ts"
import { releaseOf } from "../../../src/decide/kubelet/featureGates.ts"
import type { JsonObject } from "../../../src/event/Json.ts"

const rule = (more: JsonObject = {}): JsonObject => ({
  action: "Restart",
  exitCodes: { operator: "In", values: [42] },
  ...more
})

it.each<readonly [JsonObject, ReadonlyArray<string>]>([
  [{}, []],
  [{ restartPolicy: "Never", restartPolicyRules: [rule(), rule({ action: "RestartAllContainers" })] }, []],
  [
    { restartPolicyRules: [rule()] },
    ["c.restartPolicy: Required value: must specify restartPolicy when restart rules are used"]
  ],
  [
    { restartPolicy: "Sometimes" },
    ['c.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"']
  ],
  [
    { restartPolicy: "Never", restartPolicyRules: [{ action: "Sing" }] },
    [
      'c.restartPolicyRules[0].action: Unsupported value: "Sing": supported values: "Restart", "RestartAllContainers"',
      "c.restartPolicyRules[0].exitCodes: Required value: must be specified"
    ]
  ],
  [
    { restartPolicy: "Never", restartPolicyRules: [rule({ exitCodes: { operator: "Is", values: [] } })] },
    ['c.restartPolicyRules[0].exitCodes.operator: Unsupported value: "Is": supported values: "In", "NotIn"']
  ],
  [
    { restartPolicy: "Never", restartPolicyRules: Array.from({ length: 21 }, () => rule()) },
    ["c.restartPolicyRules: Too many: 21: must have at most 20 items"]
  ],
  [
    {
      restartPolicy: "Never",
      restartPolicyRules: [rule({ exitCodes: { operator: "In", values: Array.from({ length: 256 }, (_, i) => i) } })]
    },
    ["c.restartPolicyRules[0].exitCodes.values: Too many: 256: must have at most 255 items"]
  ]
])("a container's restart policy %j is refused in Kubernetes' words", (container, expected) => {
  expect(validateRestartPolicy(container, "c").map(({ body, field }) => `${field}: ${body}`)).toEqual(expected)
})

const texts = (errors: ReadonlyArray<FieldError>) => errors.map(({ body, field }) => `${field}: ${body}`)
const sidecar = { restartPolicy: "Always" }
const all = { restartPolicy: "Never", restartPolicyRules: [rule({ action: "RestartAllContainers" })] }

it.each<readonly [string, JsonObject, ReadonlyArray<string>]>([
  ["1.34", {}, []],
  ["1.34", sidecar, ["c.restartPolicy: Forbidden: may not be set for non-init containers"]],
  ["1.35", sidecar, []],
  [
    "1.35",
    all,
    ['c.restartPolicyRules[0].action: Unsupported value: "RestartAllContainers": supported values: "Restart"']
  ],
  ["1.36", all, []]
])("K-071, K-080: in %s of a container %j: %j", (version, container, expected) => {
  expect(texts(validateRestartPolicy(container, "c", releaseOf(version)))).toEqual(expected)
})

it.each<readonly [string, JsonObject, ReadonlyArray<string>]>([
  ["1.29", {}, []],
  ["1.34", sidecar, []],
  ["1.34", { restartPolicy: "Never" }, ['c.restartPolicy: Unsupported value: "Never": supported values: "Always"']],
  ["1.35", { restartPolicy: "Never", restartPolicyRules: [rule()] }, []],
  [
    "1.35",
    { restartPolicyRules: [rule()] },
    ["c.restartPolicy: Required value: must specify restartPolicy when restart rules are used"]
  ],
  [
    "1.35",
    { ...sidecar, restartPolicyRules: [rule()] },
    [
      "c.restartPolicyRules: Forbidden: restartPolicyRules are not allowed for init containers with restart policy Always"
    ]
  ],
  ["1.36", { ...sidecar, restartPolicyRules: [rule()] }, []]
])("K-071: in %s of an init container %j: %j", (version, container, expected) => {
  expect(texts(validateInitRestartPolicy(container, "c", releaseOf(version)))).toEqual(expected)
})

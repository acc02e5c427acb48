import { expect, it } from "vitest"
import { validateRestartPolicy } from "../../../src/decide/apiserver/validateRestartPolicy.ts"
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

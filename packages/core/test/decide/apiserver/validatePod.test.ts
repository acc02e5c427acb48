/** What is refused instead of stored: bodies that are no Pod (400), admission (403), invalid fields (422). */
import { describe, expect, it } from "vitest"
import { validatePodMetadataAndSpec } from "../../../src/decide/apiserver/validatePod.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import { container, manifest, refused, stored } from "./pods.ts"

describe("the API server refuses", () => {
  const cannot = 'Pod in version "v1" cannot be handled as a Pod: '
  it.each<readonly [string, JsonObject, number, string]>([
    [
      "an unknown field (C-043)",
      manifest({ containers: [container({ imagee: "x" })] }),
      400,
      `${cannot}strict decoding error: unknown field "spec.containers[0].imagee"`
    ],
    [
      "two unknown fields",
      manifest({ foo: 1, bar: 2 }),
      400,
      `${cannot}strict decoding error: unknown field "spec.foo", unknown field "spec.bar"`
    ],
    [
      "a number for a text",
      manifest({ containers: [container({ image: 5 })] }),
      400,
      `${cannot}json: cannot unmarshal number into Go struct field Container.spec.containers.image of type string`
    ],
    [
      "a text for a list",
      manifest({ containers: "x" }),
      400,
      `${cannot}json: cannot unmarshal string into Go struct field PodSpec.spec.containers of type []v1.Container`
    ],
    [
      "a wrong quantity",
      manifest({ containers: [container({ resources: { requests: { cpu: "1 core" } } })] }),
      400,
      `${cannot}quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`
    ],
    [
      "another namespace (C-002)",
      manifest({}, { namespace: "other" }),
      400,
      "the namespace of the provided object does not match the namespace sent on the request"
    ],
    [
      "an unknown priority class (C-014)",
      manifest({ priorityClassName: "high" }),
      403,
      'pods "p" is forbidden: no PriorityClass with name high was found'
    ],
    [
      "a priority of its own",
      manifest({ priority: 5 }),
      403,
      'pods "p" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name'
    ],
    ["no containers (C-045)", manifest({ containers: [] }), 422, 'Pod "p" is invalid: spec.containers: Required value'],
    [
      "no image (C-047)",
      manifest({ containers: [{ name: "c" }] }),
      422,
      'Pod "p" is invalid: spec.containers[0].image: Required value'
    ],
    [
      "no name (C-046)",
      manifest({ containers: [{ image: "i" }] }),
      422,
      'Pod "p" is invalid: spec.containers[0].name: Required value'
    ],
    [
      "a name twice (C-046, S-011)",
      manifest({ containers: [container(), container()] }),
      422,
      'Pod "p" is invalid: spec.containers[1].name: Duplicate value: "c"'
    ],
    [
      "a wrong restart policy (C-093)",
      manifest({ restartPolicy: "Sometimes" }),
      422,
      'Pod "p" is invalid: spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"'
    ],
    [
      "a wrong pull policy (C-048)",
      manifest({ containers: [container({ imagePullPolicy: "X" })] }),
      422,
      'Pod "p" is invalid: spec.containers[0].imagePullPolicy: Unsupported value: "X": supported values: "Always", "IfNotPresent", "Never"'
    ],
    [
      "requests beyond limits (C-071)",
      manifest({ containers: [container({ resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } })] }),
      422,
      'Pod "p" is invalid: spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1'
    ],
    [
      "less than nothing (C-073)",
      manifest({ containers: [container({ resources: { requests: { cpu: "-1" } } })] }),
      422,
      'Pod "p" is invalid: spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0'
    ],
    [
      "an unknown resource (C-073)",
      manifest({ containers: [container({ resources: { limits: { gpu: "1" } } })] }),
      422,
      'Pod "p" is invalid: [spec.containers[0].resources.limits[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified, spec.containers[0].resources.limits[gpu]: Invalid value: "gpu": must be a standard resource for containers, spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified, spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers]'
    ],
    [
      "no time at all (C-097)",
      manifest({ activeDeadlineSeconds: 0 }),
      422,
      'Pod "p" is invalid: spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive'
    ],
    [
      "a mount without a volume (C-058)",
      manifest({ containers: [container({ volumeMounts: [{ name: "v", mountPath: "/v" }] })] }),
      422,
      'Pod "p" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "v"'
    ],
    [
      "a probe that does nothing (C-062)",
      manifest({ containers: [container({ livenessProbe: {} })] }),
      422,
      'Pod "p" is invalid: spec.containers[0].livenessProbe: Required value: must specify a handler type'
    ],
    [
      "a port that is none (C-050)",
      manifest({ containers: [container({ ports: [{ containerPort: 70_000 }] })] }),
      422,
      'Pod "p" is invalid: spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive'
    ],
    [
      "a toleration of everything that is not (C-103)",
      manifest({ tolerations: [{ effect: "NoSchedule" }] }),
      422,
      'Pod "p" is invalid: spec.tolerations[0].operator: Invalid value: "": operator must be Exists when `key` is empty, which means "match all values and all keys"'
    ],
    [
      "no name at all",
      manifest({}, { name: undefined }),
      422,
      'Pod "" is invalid: metadata.name: Required value: name or generateName is required'
    ],
    [
      "a label for a name (C-110)",
      manifest({}, { name: "My_Pod" }),
      422,
      `Pod "My_Pod" is invalid: metadata.name: Invalid value: "My_Pod": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`
    ],
    [
      "a wrong container name (C-046)",
      manifest({ containers: [container({ name: "C" })] }),
      422,
      `Pod "p" is invalid: spec.containers[0].name: Invalid value: "C": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`
    ]
  ])("%s", (_, given, code, message) => {
    const status = refused(given)
    expect([status.code, status.message]).toEqual([code, message])
  })

  it("nothing for a negative grace period: it is stored as 1 (C-096)", () => {
    expect(stored(manifest({ terminationGracePeriodSeconds: -1 })).spec.terminationGracePeriodSeconds).toBe(1)
  })

  it("with a Status that names every cause (C-038)", () => {
    const causes = [
      { reason: "FieldValueRequired", message: "Required value", field: "spec.containers[0].image" },
      {
        reason: "FieldValueNotSupported",
        message: 'Unsupported value: "X": supported values: "Always", "OnFailure", "Never"',
        field: "spec.restartPolicy"
      }
    ]
    expect(refused(manifest({ containers: [{ name: "c" }], restartPolicy: "X" }))).toEqual({
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message: `Pod "p" is invalid: [spec.containers[0].image: Required value, spec.restartPolicy: ${causes[1]?.message}]`,
      reason: "Invalid",
      details: { name: "p", kind: "Pod", causes },
      code: 422
    })
  })
})

describe("a spec that was looked at before", () => {
  const metadata = (name: string): JsonObject => ({ name, namespace: "default", uid: "u" })
  const spec = (more: JsonObject): JsonObject => stored(manifest(more)).spec as unknown as JsonObject

  it("is not looked at again, the pod's metadata is", () => {
    const fine = spec({})
    expect(validatePodMetadataAndSpec({ metadata: metadata("p"), spec: fine })).toEqual([])
    const errors = validatePodMetadataAndSpec({ metadata: { ...metadata("p"), labels: { "a b": "" } }, spec: fine })
    expect(errors.map(({ field }) => field)).toEqual(["metadata.labels"])
  })

  it("is wrong every time that it is", () => {
    const wrong = { ...spec({}), restartPolicy: "Sometimes" }
    const asked = () => validatePodMetadataAndSpec({ metadata: metadata("p"), spec: wrong })
    expect(asked()).toHaveLength(1)
    expect(asked()).toEqual(asked())
  })
})

/** What is wrong with a Pod, in the words of Kubernetes' own ValidatePodCreate (1.36.3), which was asked for all of `goPodRefusals.json`. */
import { readFileSync } from "node:fs"
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { entries } from "../../../src/decide/apiserver/fields.ts"
import { updateObject } from "../../../src/decide/apiserver/updateObject.ts"
import { validatePodTemplate } from "../../../src/decide/apiserver/validatePodTemplate.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import { manifest, refused, stored } from "./pods.ts"

interface Case {
  readonly title: string
  readonly metadata?: JsonObject
  readonly spec?: JsonObject
  readonly causes: ReadonlyArray<readonly [field: string, reason: string, message: string]>
}

const golden = JSON.parse(readFileSync(new URL("./goPodRefusals.json", import.meta.url), "utf8")) as {
  readonly [rule: string]: ReadonlyArray<Case>
}

/** What the cases of a rule are about. */
const rules: { readonly [rule: string]: string } = {
  "C-045": "containers",
  "C-046": "names of containers",
  "C-047": "images",
  "C-048": "pull policies",
  "C-049": "policies for the termination message",
  "C-050": "ports of containers",
  "C-051": "names of ports",
  "C-052": "ports of the host",
  "C-053": "protocols",
  "C-054": "names of variables",
  "C-055": "sources of variables",
  "C-056": "variables from fields of the pod",
  "C-057": "variables from whole objects",
  "C-058": "mounts of volumes",
  "C-059": "paths of mounts",
  "C-060": "paths inside volumes",
  "C-061": "block devices",
  "C-062": "handlers that are missing",
  "C-063": "handlers that are too many",
  "C-064": "successes of probes",
  "C-065": "grace periods of probes",
  "C-066": "numbers of probes",
  "C-067": "commands of probes",
  "C-068": "requests of probes",
  "C-069": "ports of probes",
  "C-070": "sleeps of hooks",
  "C-071": "requests beyond limits",
  "C-072": "resources that cannot be overcommitted",
  "C-073": "names and amounts of resources",
  "C-074": "huge pages",
  "C-075": "claims to devices",
  "C-076": "policies for a resize",
  "C-077": "restart policies of containers",
  "C-078": "restart rules of containers",
  "C-080": "init containers with what only sidecars have",
  "C-081": "init containers that restart for their size",
  "C-082": "C-083: ephemeral containers",
  "C-085": "privileges",
  "C-086": "users and groups",
  "C-087": "names of volumes",
  "C-088": "types of volumes",
  "C-089": "objects behind volumes",
  "C-090": "files of volumes",
  "C-091": "paths of the host",
  "C-092": "projected volumes",
  "C-093": "restart policies",
  "C-094": "DNS policies",
  "C-095": "DNS settings",
  "C-097": "deadlines",
  "C-098": "nodes",
  "C-099": "accounts",
  "C-100": "names of hosts",
  "C-101": "names of hosts that take the place of the pod's",
  "C-102": "users of the pod's own",
  "C-103": "operators of tolerations",
  "C-104": "effects of tolerations",
  "C-105": "spread over a topology",
  "C-106": "domains of a spread",
  "C-107": "gates",
  "C-108": "resources of the pod as a whole",
  "C-109": "labels and annotations",
  affinity: "affinity to pods",
  annotations: "annotations that Kubernetes knows",
  containerSecurity: "mounts of /proc",
  names: "other names of hosts",
  podSecurity: "sysctls and policies of the pod",
  profiles: "seccomp and AppArmor",
  runtimeClass: "runtime classes and their overhead",
  volumes: "volumes of networks and clouds",
  windows: "operating systems"
}

describe("C-040, C-041: validation of pods", () => {
  it("all cases are told", () => {
    expect(Object.keys(golden).filter((rule) => rules[rule] === undefined)).toEqual([])
  })

  const all = Object.entries(golden).flatMap(([rule, cases]) =>
    cases.map((one) => ({ ...one, name: `${rule}: ${rules[rule]}: ${one.title}` }))
  )
  it.each(all)("$name", ({ causes, metadata, spec }) => {
    const pod = manifest(spec, metadata)
    if (causes.length === 0) return expect(stored(pod).metadata.name).toBe("p")
    const { details, message } = refused(pod)
    const found = entries(details ?? {}, "causes").map((cause) => [cause["field"], cause["reason"], cause["message"]])
    expect(found).toEqual(causes)
    const texts = causes.map(([field, , body]) => `${field}: ${body}`)
    expect(message).toContain(texts[0])
  })

  it("annotations may be 256 KiB together", () => {
    const { message } = refused(manifest({}, { annotations: { a: "x".repeat(262_144) } }))
    expect(message).toBe('Pod "p" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes')
  })

  it("a key may not be in the selector of a spread and in its matchLabelKeys, which the server has merged by then", () => {
    const spread = {
      maxSkew: 1,
      topologyKey: "zone",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "x" } },
      matchLabelKeys: ["app"]
    }
    const { message } = refused(manifest({ topologySpreadConstraints: [spread] }, { labels: { app: "x" } }))
    const why = 'Invalid value: "app": exists in both matchLabelKeys and labelSelector'
    expect(message).toBe(`Pod "p" is invalid: spec.topologySpreadConstraints[0][0]: ${why}`)
  })

  it("C-079: what no gate lets through is dropped: projections, a scheduling group, a signal", () => {
    const sources = [{ clusterTrustBundle: { path: "p" } }, { podCertificate: { keyType: "x" } }]
    const { spec } = stored(
      manifest({
        containers: [{ name: "c", image: "i", lifecycle: { stopSignal: "SIGUSR1" } }],
        schedulingGroup: { podGroupName: "G" },
        volumes: [{ name: "v", projected: { sources } }]
      })
    )
    expect(spec.containers[0]).not.toHaveProperty("lifecycle")
    expect(spec["schedulingGroup"]).toBeUndefined()
    expect(spec["volumes"]).toMatchObject([{ name: "v", projected: { sources: [{}, {}] } }, {}])
  })
})

describe("validation of a template", () => {
  const errors = (spec: JsonObject) => {
    const { spec: given } = stored(manifest())
    return validatePodTemplate({ spec: { ...given, ...spec } }, "spec.template").map(
      ({ body, field }) => `${field}: ${body}`
    )
  }

  it("leaves ports of the host to the pods that are made from it", () => {
    const containers = (ports: JsonObject) => [
      { ...(stored(manifest()).spec.containers[0] as JsonObject), ports: [ports] }
    ]
    const port = { containerPort: 80, protocol: "TCP" }
    expect(errors({ hostNetwork: true, containers: containers(port) })).toEqual([])
    expect(errors({ hostNetwork: true, containers: containers({ ...port, hostPort: 81 }) })).toEqual([
      "spec.template.spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true"
    ])
  })

  it("lets blanks around an image stand", () => {
    const [one] = stored(manifest()).spec.containers
    expect(errors({ containers: [{ ...(one as JsonObject), image: " i " }] })).toEqual([])
  })

  it("knows the policies of preemption, which admission looks at in pods only", () => {
    expect(errors({ preemptionPolicy: "Always" })).toEqual([
      'spec.template.spec.preemptionPolicy: Unsupported value: "Always": supported values: "PreemptLowerPriority", "Never"'
    ])
    expect(errors({ preemptionPolicy: "" })).toEqual(["spec.template.spec.preemptionPolicy: Required value"])
  })
})

describe("an update of a pod", () => {
  const refusalOf = (old: JsonObject, next: JsonObject, metadata: JsonObject = {}) => {
    const before = stored(manifest(old, metadata))
    const updated = { ...before, metadata: { ...before.metadata, ...metadata }, spec: { ...before.spec, ...next } }
    const result = updateObject(before, updated as unknown as JsonObject, "")
    return Result.isFailure(result) ? result.failure.message : undefined
  }
  const gated = { schedulingGates: [{ name: "example.com/g" }] }
  const [one] = stored(manifest()).spec.containers

  it("C-115: takes no image away", () => {
    const [empty, blank] = ["", " i"].map((image) => refusalOf({}, { containers: [{ ...(one as JsonObject), image }] }))
    expect(empty).toBe('Pod "p" is invalid: spec.containers[0].image: Required value')
    expect(blank).toContain("must not have leading or trailing whitespace")
  })

  it("C-112: names all that it may change when it changes anything else", () => {
    const fields =
      "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
    expect(refusalOf({}, { restartPolicy: "Never" })?.split("\n")[0]).toBe(
      `Pod "p" is invalid: spec: Forbidden: pod updates may not change fields other than ${fields}`
    )
  })

  it("C-113: of one that is gated may make it choosier", () => {
    const term = (...keys: ReadonlyArray<string>) => ({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: keys.map((key) => ({ key, operator: "Exists" })) }]
        }
      }
    })
    expect(refusalOf(gated, { nodeSelector: { disk: "ssd" } })).toBeUndefined()
    expect(refusalOf(gated, { affinity: term("a") })).toBeUndefined()
    expect(refusalOf({ ...gated, affinity: term("a") }, { affinity: term("a", "b") })).toBeUndefined()
    expect(refusalOf({ ...gated, affinity: term("a", "b") }, { affinity: term("a") })).toContain(
      "only additions are allowed (no mutations or deletions)"
    )
    expect(refusalOf({}, { nodeSelector: { disk: "ssd" } })).toContain("pod updates may not change fields other than")
  })

  it("C-120: may say of its phase whatever its kubelet likes", () => {
    const before = stored(manifest())
    const written = (from: string, phase: string) => {
      const old = { ...before, status: { ...before.status, phase } } as typeof before
      return updateObject(old, { ...old, status: { ...old.status, phase: from } } as unknown as JsonObject, "status")
    }
    expect(Result.getOrThrow(written("Pending", "Succeeded"))["status"]).toMatchObject({ phase: "Pending" })
  })

  it("says no second time what it is", () => {
    const key = "container.apparmor.security.beta.kubernetes.io/c"
    const before = stored(manifest())
    const updated = { ...before, metadata: { ...before.metadata, annotations: { [key]: "unconfined" } } }
    const result = updateObject(before, updated as unknown as JsonObject, "")
    expect(Result.isFailure(result) && result.failure.message).toContain(
      `metadata.annotations[${key}]: Forbidden: may not add AppArmor annotations`
    )
  })
})

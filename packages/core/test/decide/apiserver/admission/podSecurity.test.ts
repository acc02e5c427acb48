import { describe, expect, it } from "vitest"
import { podSecurityLabelErrors, violatesPodSecurity } from "../../../../src/decide/apiserver/admission/podSecurity.ts"
import type { JsonObject } from "../../../../src/event/Json.ts"
import type { KubernetesObject, PodObject } from "../../../../src/event/KubernetesObject.ts"

const space = (enforce: string, version?: string): KubernetesObject => ({
  kind: "Namespace",
  apiVersion: "v1",
  metadata: {
    name: "n",
    labels: {
      "pod-security.kubernetes.io/enforce": enforce,
      ...(version === undefined ? {} : { "pod-security.kubernetes.io/enforce-version": version })
    }
  }
})

const pod = (spec: JsonObject, annotations: JsonObject = {}): PodObject =>
  ({ kind: "Pod", apiVersion: "v1", metadata: { name: "p", annotations }, spec }) as unknown as PodObject

const container = (more: JsonObject): JsonObject => ({ name: "a", image: "i", ...more })
const told = (namespace: KubernetesObject, object: PodObject) => violatesPodSecurity(namespace, { object })?.message

describe("C-017: the security of pods", () => {
  it("is of no interest where the namespace enforces nothing, or everything is allowed", () => {
    const bad = pod({ containers: [container({ securityContext: { privileged: true } })] })
    expect(told({ kind: "Namespace", apiVersion: "v1", metadata: { name: "n" } }, bad)).toBeUndefined()
    expect(told(space("privileged"), bad)).toBeUndefined()
  })

  it("is measured by the version that the namespace names", () => {
    const probe = pod({ containers: [container({ livenessProbe: { httpGet: { host: "h", port: 80 } } })] })
    expect(told(space("baseline", "v1.33"), probe)).toBeUndefined()
    expect(told(space("baseline", "v1.34"), probe)).toContain(
      'violates PodSecurity "baseline:v1.34": probe or lifecycle'
    )
    const engine = { seLinuxOptions: { type: "container_engine_t" } }
    expect(told(space("baseline", "v1.30"), pod({ securityContext: engine, containers: [] }))).toContain(
      "seLinuxOptions"
    )
    expect(told(space("baseline"), pod({ securityContext: engine, containers: [] }))).toBeUndefined()
  })

  it("spares pods that have users of their own, and Windows, what is not about them", () => {
    const root = { containers: [container({ securityContext: { runAsUser: 0 } })] }
    expect(told(space("restricted"), pod(root))).toContain("runAsUser=0")
    expect(told(space("restricted"), pod({ ...root, hostUsers: false }))).not.toContain("runAsUser=0")
    const windows = told(space("restricted"), pod({ os: { name: "windows" }, containers: [container({})] }))
    expect(windows).not.toContain("seccompProfile")
    expect(windows).toContain("runAsNonRoot != true")
  })

  it("looks at annotations of old, too", () => {
    const armor = { "container.apparmor.security.beta.kubernetes.io/a": "unconfined" }
    expect(told(space("baseline"), pod({ containers: [container({})] }, armor))).toContain(
      'forbidden AppArmor profile (annotation must not set AppArmor profile type to "container.apparmor.security.beta.kubernetes.io/a="unconfined"")'
    )
    const seccomp = { "seccomp.security.alpha.kubernetes.io/pod": "unconfined" }
    expect(told(space("baseline", "v1.18"), pod({ containers: [] }, seccomp))).toContain("forbidden annotation")
  })

  it("lets updates pass that bring in no container", () => {
    const bad = { containers: [container({ securityContext: { privileged: true } })] }
    const update = (spec: JsonObject, subresource = "") =>
      violatesPodSecurity(space("baseline"), { object: pod(spec), old: pod(bad), subresource })
    expect(update({ ...bad, activeDeadlineSeconds: 5 })).toBeUndefined()
    const other = { containers: [container({ image: "j", securityContext: { privileged: true } })] }
    expect(update(other)?.code).toBe(403)
    expect(update(other, "status")).toBeUndefined()
  })

  it("needs labels that it understands; an update may keep those that it finds", () => {
    const labels = { "pod-security.kubernetes.io/warn": "x", "pod-security.kubernetes.io/warn-version": "1.30" }
    expect(podSecurityLabelErrors(labels).map(({ body }) => body)).toEqual([
      'Invalid value: "x": must be one of privileged, baseline, restricted',
      'Invalid value: "1.30": must be "latest" or "v1.x"'
    ])
    expect(podSecurityLabelErrors(labels, labels)).toEqual([])
    expect(told(space("x"), pod({ containers: [container({})] }))).toContain('violates PodSecurity "restricted:latest"')
  })
})

import { describe, expect, it } from "vitest"
import {
  namespaceSecurityWarnings,
  podSecurityLabelErrors,
  podSecurityWarnings,
  templateSecurityWarnings,
  violatesPodSecurity
} from "../../../../src/decide/apiserver/admission/podSecurity.ts"
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

describe("C-017: what a namespace would rather not have", () => {
  const labelled = (labels: { readonly [mode: string]: string }, name = "n"): KubernetesObject => ({
    kind: "Namespace",
    apiVersion: "v1",
    metadata: {
      name,
      labels: Object.fromEntries(
        Object.entries(labels).map(([mode, value]) => [`pod-security.kubernetes.io/${mode}`, value])
      )
    }
  })
  const privileged = { containers: [container({ securityContext: { privileged: true } })] }
  const warned = (labels: { readonly [mode: string]: string }) =>
    podSecurityWarnings(labelled(labels), { object: pod(privileged) })
  const told = (policy: string) => [
    `would violate PodSecurity "${policy}": privileged (container "a" must not set securityContext.privileged=true)`
  ]

  it("is said of the level in its label", () => {
    expect(warned({ warn: "baseline" })).toEqual(told("baseline:latest"))
    expect(warned({ warn: "baseline", "warn-version": "v1.30" })).toEqual(told("baseline:v1.30"))
    expect(warned({ warn: "privileged" })).toEqual([])
    expect(warned({ audit: "restricted" })).toEqual([])
  })

  it("is what it forbids, unless it says something else", () => {
    expect(warned({ enforce: "baseline", "enforce-version": "v1.31" })).toEqual(told("baseline:v1.31"))
    expect(warned({ enforce: "baseline", "warn-version": "v1.30" })).toEqual(told("baseline:v1.30"))
    expect(warned({ enforce: "baseline", warn: "privileged" })).toEqual([])
  })

  it("is nothing where a label is wrong", () => {
    expect(warned({ warn: "strict" })).toEqual([])
    expect(warned({ enforce: "strict" })).toEqual([])
  })

  it("is said of who makes such pods, by what it forbids too", () => {
    const template = { metadata: {}, spec: privileged }
    const maker = (kind: string, spec: JsonObject): KubernetesObject =>
      ({ kind, apiVersion: "v1", metadata: { name: "m" }, spec }) as KubernetesObject
    const namespace = labelled({ enforce: "baseline" })
    for (const kind of ["Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job"])
      expect(templateSecurityWarnings(namespace, maker(kind, { template }))).toEqual(told("baseline:latest"))
    const cron = maker("CronJob", { jobTemplate: { spec: { template } } })
    expect(templateSecurityWarnings(namespace, cron)).toEqual(told("baseline:latest"))
    expect(templateSecurityWarnings(namespace, maker("ConfigMap", {}))).toEqual([])
  })

  it("is said of the pods that it has, when it begins to enforce a level", () => {
    const owned = (name: string, owner?: string): PodObject => {
      const ownerReferences =
        owner === undefined ? [] : [{ apiVersion: "v1", kind: "K", name: owner, uid: owner, controller: true }]
      const made = pod(privileged)
      return { ...made, metadata: { ...made.metadata, name, ownerReferences } } as PodObject
    }
    const all = [owned("c", "x"), owned("b", "x"), owned("d"), { ...pod({ containers: [container({})] }) }]
    const said = (next: { readonly [mode: string]: string }, old = {}) =>
      namespaceSecurityWarnings(labelled(next), labelled(old), () => all)
    expect(said({ enforce: "baseline" })).toEqual([
      'existing pods in namespace "n" violate the new PodSecurity enforce level "baseline:latest"',
      "b (and 2 other pods): privileged"
    ])
    expect(said({ enforce: "baseline" }, { enforce: "restricted" })).toEqual([])
    expect(said({ enforce: "baseline", "enforce-version": "v1.30" }, { enforce: "restricted" })).toHaveLength(2)
    expect(said({ enforce: "baseline" }, { enforce: "baseline" })).toEqual([])
    expect(said({ enforce: "privileged" }, { enforce: "baseline" })).toEqual([])
  })
})

import { type ClusterEvent, type KubernetesObject, play as playOn } from "@kubereel/core"
import { Effect, Stream } from "effect"
import { describe, expect, it } from "vitest"
import { ApiServer } from "../../src/apiserver/ApiServer.ts"
import { Store } from "../../src/apiserver/Store.ts"
import { Engine } from "../../src/engine/Engine.ts"
import * as SimBackend from "../../src/SimBackend.ts"
import { podManifest, scenario } from "../given.ts"

const said = (facts: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  facts.flatMap((fact) => (fact._tag === "Warned" && fact.message.startsWith("step") ? [fact.message] : []))

const play = (...steps: ReadonlyArray<object>): Promise<ReadonlyArray<string>> => {
  const made = scenario({ steps: steps.map((step, i) => ({ at: `${i}s`, ...step })), until: "10s" })
  const facts = Stream.runCollect(playOn(made, { until: made.until })).pipe(Effect.provide(SimBackend.layer(made)))
  return Effect.runPromise(Effect.map(facts, (all) => said(all)))
}

const template = { metadata: { labels: { app: "a" } }, spec: { containers: [{ name: "main", image: "i" }] } }
const deployment = (spec: object) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d" },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: "a" } },
    template: { ...template, spec: { ...template.spec, ...spec } }
  }
})
const label = { "beta.kubernetes.io/os": "linux" }
const ofLabel =
  'spec.template.spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead'

describe("the answer to a step", () => {
  it("comes with what the API server thinks of a new object", async () => {
    expect(await play({ apply: deployment({ nodeSelector: label }) })).toEqual([
      `step at 0s (apply Deployment/d) was answered with a warning: ${ofLabel}`
    ])
  })

  it("comes with what it thinks of a change, when that is of what pods are made of", async () => {
    const patch = (body: object) => ({ patch: { kind: "Deployment", name: "d", type: "merge", patch: body } })
    const answers = await play(
      { apply: deployment({}) },
      patch({ metadata: { labels: { a: "b" } } }),
      patch({ spec: { template: { spec: { nodeSelector: label } } } }),
      { scale: { kind: "Deployment", name: "d", replicas: 1 } },
      { apply: deployment({ nodeSelector: label }) }
    )
    expect(answers.map((message) => message.split(" (")[0])).toEqual(["step at 2s", "step at 3s", "step at 4s"])
    expect(answers.every((message) => message.endsWith(ofLabel))).toBe(true)
  })

  it("tells who deletes a Job without saying what is to become of its pods", async () => {
    const job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "j" },
      spec: { suspend: true, template: { spec: { ...template.spec, restartPolicy: "Never" } } }
    }
    const remove = (more: object) => ({ delete: { kind: "Job", name: "j", ...more } })
    expect(await play({ apply: job }, remove({ propagationPolicy: "Background" }))).toEqual([])
    expect(await play({ apply: job }, remove({}))).toEqual([
      expect.stringContaining(
        "a warning: child pods are preserved by default when jobs are deleted; set propagationPolicy"
      )
    ])
  })

  it("C-017: tells what the namespace would rather not have, of pods and of who makes them", async () => {
    const namespace = {
      patch: {
        kind: "Namespace",
        name: "test",
        type: "merge",
        patch: { metadata: { labels: { "pod-security.kubernetes.io/warn": "baseline" } } }
      }
    }
    const answers = await play(
      namespace,
      { apply: podManifest("p", ["main"], { hostNetwork: true }) },
      { apply: deployment({ hostNetwork: true }) }
    )
    const why = 'would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)'
    expect(answers).toEqual([
      `step at 1s (apply Pod/p) was answered with a warning: ${why}`,
      `step at 2s (apply Deployment/d) was answered with a warning: ${why}`
    ])
  })

  it("C-017: tells what pods a namespace has that it forbids from now on", async () => {
    const namespace = {
      patch: {
        kind: "Namespace",
        name: "test",
        type: "merge",
        patch: { metadata: { labels: { "pod-security.kubernetes.io/enforce": "baseline" } } }
      }
    }
    const answers = await play({ apply: podManifest("p", ["main"], { hostNetwork: true }) }, namespace)
    expect(answers.map((message) => message.split("a warning: ")[1])).toEqual([
      'existing pods in namespace "test" violate the new PodSecurity enforce level "baseline:latest"',
      "p: host namespaces"
    ])
  })
})

describe("a component of the cluster", () => {
  it("is told nothing: nobody looks", () => {
    const engine = new Engine(0 as never)
    const api = new ApiServer(engine, new Store(100), 0)
    api.create({ kind: "Namespace", apiVersion: "v1", metadata: { name: "n" } } as KubernetesObject, "")
    const bad = podManifest("a.b", ["main"]) as unknown as KubernetesObject
    expect(api.create(bad, "n")).not.toHaveProperty("warnings")
    const worse = podManifest("a.c", ["main"]) as unknown as KubernetesObject
    const answer = api.withWarnings(() => api.create(worse, "n"))
    expect(answer.warnings).toEqual([expect.stringContaining("this is used in the Pod's hostname")])
  })
})

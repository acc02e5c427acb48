import type { JsonObject } from "@kubereel/core"
import { chaosDocument } from "@kubereel/core/testing/scenario"
import { describe, expect, it } from "vitest"
import { shortProgram } from "../../src/index.ts"

const quick: JsonObject = { onTerm: { exitAfter: "50ms" } }
const image = "app:1"

const documentOf = (steps: ReadonlyArray<JsonObject>, more: JsonObject = {}): JsonObject => ({
  spec: {
    nodes: [{ name: "n-1" }],
    images: [{ image: "app:*", present: true }],
    programs: [{ runs: [quick] }],
    ...more,
    steps,
    until: "1m"
  }
})
const pod = (spec: JsonObject, more: JsonObject = {}): JsonObject => ({
  at: "0s",
  apply: { apiVersion: "v1", kind: "Pod", metadata: { name: "web", ...more }, spec }
})
const app: JsonObject = { name: "app", image }

describe("a small scenario in one line", () => {
  it("is the one of the documentation", () => {
    const document = documentOf(
      [pod({ initContainers: [{ name: "proxy", image, restartPolicy: "Always" }], containers: [app] })],
      {
        programs: [
          { match: { container: "app" }, runs: [{ exitAfter: "28.6s", exitCode: 1, ...quick }] },
          { runs: [quick] }
        ]
      }
    )
    expect(shortProgram(document)).toBe("pod web { sidecar proxy: runs; app: exits 1 after 28.6 s }, until 1 min")
  })

  it.each<[string, ReadonlyArray<JsonObject>]>([
    ["no runs", []],
    ["exits 0 at once", [{ exitAfter: "0s", ...quick }]],
    [
      "exits 1 after 100 ms (5×), then runs",
      [...Array.from({ length: 5 }, () => ({ exitAfter: "100ms", exitCode: 1, ...quick })), quick]
    ],
    ["runs, ignores TERM", [{ onTerm: "ignore" }]],
    ["runs, dies of KILL only", [{}]],
    ["runs, ends 31 s after TERM with 143", [{ onTerm: { exitAfter: "31s", exitCode: 143 } }]],
    ["runs out of memory after 1 min 30 s", [{ exitAfter: "90s", oom: true, ...quick }]],
    ["cannot start (no such file)", [{ startError: "no such file" }]],
    [
      "runs, check succeeds until 3 s, check fails with 1",
      [
        {
          ...quick,
          execs: [
            { command: ["check"], until: "3s" },
            { command: "check", exitCode: 1 }
          ]
        }
      ]
    ],
    [
      "runs, answers 503 on :80/healthz takes 2 s",
      [{ ...quick, http: [{ port: 80, path: "/healthz", status: 503, takes: "2s" }] }]
    ],
    ["runs, listens on :80 from 5 s", [{ ...quick, tcp: [{ port: 80, from: "5s" }] }]],
    ["runs, says NOT_SERVING on :80", [{ ...quick, grpc: [{ port: 80, status: "NOT_SERVING" }] }]],
    ["runs, terminationMessage bye", [{ ...quick, terminationMessage: "bye" }]]
  ])("says of a program that it %s", (words, runs) => {
    const programs = runs.length === 0 ? [] : [{ match: { pod: "w*" }, runs }]
    const does = runs.length === 0 ? "runs, dies of KILL only" : words
    expect(shortProgram(documentOf([pod({ containers: [app] })], { programs }))).toBe(
      `pod web { app: ${does} }, until 1 min`
    )
  })

  it.each<[string, JsonObject]>([
    ["kill web/app", { kill: { pod: "web", container: "app" } }],
    ["kill web/(sandbox) (TERM)", { kill: { pod: "web", container: "(sandbox)", signal: "TERM" } }],
    ["delete pod web (grace 0 s)", { delete: { kind: "Pod", name: "web", gracePeriodSeconds: 0 } }],
    [
      "delete pod the oldest of {app: w} (Foreground)",
      { delete: { kind: "Pod", selector: { app: "w" }, pick: "oldest", propagationPolicy: "Foreground" } }
    ],
    ["evict web (in other, grace 5 s)", { evict: { pod: "web", namespace: "other", gracePeriodSeconds: 5 } }],
    ["exec in web/app: cat /x", { exec: { pod: "web", container: "app", command: ["cat", "/x"] } }],
    ["scale deployment web to 3", { scale: { kind: "Deployment", name: "web", replicas: 3 } }],
    [
      "patch pod web/status with {spec: {a: null}} (merge, force: true)",
      {
        patch: {
          kind: "Pod",
          name: "web",
          type: "merge",
          subresource: "status",
          patch: { spec: { a: null } },
          force: true
        }
      }
    ],
    ["node n-1 power off", { node: { name: "n-1", power: "off" } }],
    ["node n-1 pressure over, uncordoned", { node: { name: "n-1", pressure: false, cordon: false } }],
    ["node n-2 joins (cpu: 4)", { node: { name: "n-2", add: { cpu: 4 } } }],
    ["node n-2 is lost", { node: { name: "n-2", remove: true } }],
    [
      "node n-1 runs static pod s { c: runs }",
      {
        node: {
          name: "n-1",
          staticPods: [{ kind: "Pod", metadata: { name: "s" }, spec: { containers: [{ name: "c", image }] } }]
        }
      }
    ],
    ["drain n-1 (force: true)", { drain: { node: "n-1", force: true } }],
    [
      "RunPodSandbox fails on n-1 for w* for 5 s (no)",
      { fault: { node: "n-1", call: "RunPodSandbox", pod: "w*", message: "no", for: "5s" } }
    ],
    ["kubelet of n-1 hears nothing to the end", { watch: { of: "kubelet", node: "n-1" } }],
    [
      "kube-scheduler hears 5 s late of Node for 40 s",
      { watch: { of: "kube-scheduler", kinds: ["Node"], lag: "5s", for: "40s" } }
    ],
    [
      'configmap settings (data: {a: "1 2"})',
      { apply: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { a: "1 2" } } }
    ]
  ])("says what is done: %s", (words, step) => {
    expect(shortProgram(documentOf([{ at: "2m0.5s", ...step }]))).toBe(`at 2 min 0.5 s ${words}, until 1 min`)
  })

  it("says of a pod what is not as usual", () => {
    const probe = { httpGet: { port: 80, path: "/healthz" }, periodSeconds: 1, failureThreshold: 2, timeoutSeconds: 3 }
    const spec = {
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          ...app,
          image: "missing:1",
          livenessProbe: probe,
          lifecycle: { preStop: { sleep: { seconds: 5 } }, postStart: { exec: { command: ["x"] } } }
        }
      ]
    }
    expect(
      shortProgram(
        documentOf([pod(spec, { finalizers: ["a/b"] })], { images: [{ image: "missing:*", error: "NotFound" }] })
      )
    ).toBe(
      "image missing:* is refused (NotFound); pod web (finalizers: [a/b], restartPolicy Never, grace 1 s) { app: runs, image missing:1, " +
        "liveness probe gets :80/healthz every 1 s, 2× (timeoutSeconds: 3), preStop sleeps 5 s, postStart runs x }, until 1 min"
    )
  })

  it("says of a workload how many it wants and what its pods do", () => {
    const apply = {
      kind: "Deployment",
      metadata: { name: "w" },
      spec: { replicas: 3, selector: {}, strategy: { type: "Recreate" }, template: { spec: { containers: [app] } } }
    }
    const programs = [{ match: { pod: "w-*" }, runs: [{ ...quick, exitAfter: "1s" }] }]
    expect(
      shortProgram(documentOf([{ at: "0s", apply }], { programs, nodes: [{ name: "n-1" }, { name: "n-2", cpu: 1 }] }))
    ).toBe(
      "nodes n-1, n-2 (cpu: 1); deployment w × 3 (strategy: {type: Recreate}) { app: exits 0 after 1 s }, until 1 min"
    )
  })

  it("has one line for any scenario, and names every step of it", () => {
    for (let i = 0; i < 60; i++) {
      const document = chaosDocument(3, i, i % 2 === 0 ? "small" : "any")
      const line = shortProgram(document)
      expect(line).not.toMatch(/\n|undefined|\[object/)
      const spec = document["spec"] as unknown as { readonly steps: ReadonlyArray<{ readonly at: string }> }
      expect(line.split("at ").length).toBeGreaterThan(spec.steps.filter(({ at }) => at !== "0s").length)
    }
  })
})

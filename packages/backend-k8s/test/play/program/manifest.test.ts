/** Where programs go in a manifest, and what is said where they cannot go there. */
import {
  type ClusterEvent,
  compare,
  decodeScenario,
  type Instant,
  type JsonObject,
  type PodSpec,
  type Scenario
} from "@kubereel/core"
import { Result } from "effect"
import { assert, describe, it } from "vitest"
import { findingText } from "../../../src/play/Finding.ts"
import { playableScenario } from "../../../src/play/program/manifest.ts"
import { podNames } from "../../../src/play/program/pods.ts"

const image = "registry.example/app:1"

const workload = (kind: string, spec: JsonObject, more: JsonObject = {}): JsonObject => ({
  apiVersion: kind === "Pod" ? "v1" : "apps/v1",
  kind,
  metadata: { name: "web" },
  spec: kind === "Pod" ? spec : { template: { metadata: { labels: { app: "web" } }, spec }, ...more }
})

const scenario = (
  objects: ReadonlyArray<JsonObject>,
  programs: ReadonlyArray<JsonObject>,
  more: JsonObject = {}
): Scenario =>
  Result.getOrThrow(
    decodeScenario({
      apiVersion: "kubereel.dev/v1alpha1",
      kind: "Scenario",
      metadata: { name: "s" },
      spec: { until: "1s", programs, steps: objects.map((object) => ({ at: "0s", apply: object })), ...more }
    })
  )

const main = (more: JsonObject = {}): JsonObject => ({ containers: [{ name: "main", image, ...more }] })

/** What is sent for the only object, and what is said. */
const played = (object: JsonObject, runs: ReadonlyArray<JsonObject>, match: JsonObject = {}) => {
  const given = scenario([object], [{ match, runs }])
  const { findings, scenario: sent } = playableScenario(given, undefined)
  const [step] = sent.steps
  const [made] = step?.intention._tag === "Apply" ? step.intention.objects : []
  const [before] = given.steps[0]?.intention._tag === "Apply" ? given.steps[0].intention.objects : []
  const template = made?.spec as { readonly template?: { readonly spec: PodSpec } } | undefined
  const spec = template?.template?.spec ?? (made?.spec as PodSpec | undefined)
  return {
    spec,
    container: spec?.containers[0],
    same: made === before,
    refused: findings.filter(({ refused }) => refused).map(findingText),
    warned: findings.filter(({ refused }) => !refused).map(findingText)
  }
}

describe("a program in a manifest", () => {
  it("leaves a container alone that has a command, or no program", () => {
    assert.isTrue(played(workload("Pod", main({ command: ["sleep", "1"] })), [{ exitAfter: "1s" }]).same)
    assert.isTrue(played(workload("Pod", main({ args: ["serve"] })), [{ exitAfter: "1s" }]).same)
    assert.isTrue(played(workload("Pod", main()), [{ exitAfter: "1s" }], { pod: "other" }).same)
  })

  it("becomes the command of every container that it matches, in any workload", () => {
    for (const kind of ["Pod", "Deployment", "StatefulSet", "DaemonSet", "Job"]) {
      const { container, refused, warned } = played(workload(kind, main()), [{ exitAfter: "1s", exitCode: 7 }], {
        pod: "web*"
      })
      assert.deepStrictEqual([container?.command?.slice(0, 2), refused, warned], [["sh", "-c"], [], []], kind)
      assert.include(container?.command?.[2], "END=100 CODE=7")
    }
  })

  it("comes through Kubernetes' own expansion of $(NAME) and $$ as it is", () => {
    const { container } = played(workload("Pod", main()), [{ log: [{ at: "0s", line: "costs $$5 and $(HOME)" }] }])
    // The kubelet makes one $ of two.
    assert.include(container?.command?.[2]?.replaceAll("$$", "$"), "'costs $$5 and $(HOME)'")
    assert.notMatch(container?.command?.[2]?.replaceAll("$$", "") ?? "", /\$/)
  })

  it("brings a volume only where it needs files, and says so", () => {
    const web = [{ http: [{ port: 80 }] }]
    const { container, spec, warned } = played(workload("Deployment", main()), web)
    assert.deepStrictEqual(spec?.volumes, [{ name: "kubereel-program", emptyDir: {} }])
    assert.deepStrictEqual(container?.volumeMounts, [{ name: "kubereel-program", mountPath: "/kubereel" }])
    assert.isUndefined(container?.env)
    assert.deepStrictEqual(warned, [
      "spec.programs[0]: container main gets an emptyDir at /kubereel: its ports are answered from there"
    ])
    assert.isUndefined(played(workload("Pod", main()), [{ exitAfter: "1s" }]).spec?.volumes)
  })

  it("puts its commands before everything else on the PATH, and keeps a PATH that is given", () => {
    const execs = [{ execs: [{ command: "check" }] }]
    const path = (more: JsonObject) => played(workload("Pod", main(more)), execs).container?.env
    assert.deepStrictEqual(path({}), [
      { name: "PATH", value: "/kubereel/main:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" }
    ])
    assert.deepStrictEqual(
      path({
        env: [
          { name: "PATH", value: "/opt" },
          { name: "A", value: "b" }
        ]
      }),
      [
        { name: "PATH", value: "/kubereel/main:/opt" },
        { name: "A", value: "b" }
      ]
    )
  })

  it("can take another image for those containers, and only for those", () => {
    const two = {
      containers: [
        { name: "main", image },
        { name: "other", image, command: ["sleep"] }
      ]
    }
    const given = scenario([workload("Pod", two)], [{ runs: [{ exitAfter: "1s" }] }])
    const { scenario: sent } = playableScenario(given, "busybox")
    const object = sent.steps[0]?.intention._tag === "Apply" ? sent.steps[0].intention.objects[0] : undefined
    assert.deepStrictEqual(
      (object?.spec as PodSpec | undefined)?.containers.map((container) => container.image),
      ["busybox", image]
    )
  })

  it("takes another image also where the scenario says that its own is there, and never where it says that it is not", () => {
    const images = [
      { image: "there:*", present: true },
      { image: "missing:1", error: "NotFound" }
    ]
    const imageOf = (container: JsonObject) => {
      const given = scenario([workload("Pod", main(container))], [{ runs: [{ exitAfter: "1s" }] }], { images })
      const { intention } = playableScenario(given, "busybox").scenario.steps[0] ?? {}
      return intention?._tag === "Apply"
        ? (intention.objects[0]?.spec as PodSpec | undefined)?.containers[0]?.image
        : ""
    }
    assert.strictEqual(imageOf({ image: "there:1", command: ["true"] }), "busybox")
    assert.strictEqual(imageOf({ image: "missing:1" }), "missing:1")
    assert.strictEqual(imageOf({ image: "other:1", command: ["true"] }), "other:1")
  })

  it("fails to start where every run says so", () => {
    const { container, refused, warned } = played(workload("Pod", main()), [{ startError: "exec: not found" }])
    assert.deepStrictEqual([container?.command, refused], [["/kubereel-start-error"], []])
    assert.match(warned[0] ?? "", /^spec\.programs\[0\]\.runs\[0\]\.startError: /)
  })

  it("names every field that it cannot play", () => {
    const refusals: ReadonlyArray<readonly [JsonObject, RegExp]> = [
      [
        { http: [{ port: 1 }, { port: 2, scheme: "HTTPS" }] },
        /^spec\.programs\[0\]\.runs\[0\]\.http\[1\]\.scheme: .*TLS/
      ],
      [
        { http: [{ port: 1, calls: [{ url: "https://backend/" }] }] },
        /^spec\.programs\[0\]\.runs\[0\]\.http\[0\]\.calls: a script speaks no TLS; call http/
      ],
      [
        { execs: [{ command: "a" }, { command: "b", calls: [{ url: "https://backend/" }] }] },
        /^spec\.programs\[0\]\.runs\[0\]\.execs\[1\]\.calls: a script speaks no TLS/
      ],
      [
        { writes: [{ at: "0s", volume: "data", size: 1 }] },
        /\.writes\[0\]\.volume: container main does not mount the pod's volume data, and could write nothing there/
      ],
      [{ oom: true, exitAfter: "1s" }, /\.oom: container main has no memory limit/]
    ]
    for (const [run, sentence] of refusals) {
      const { refused } = played(workload("Pod", { ...main(), volumes: [{ name: "data", emptyDir: {} }] }), [run])
      assert.lengthOf(refused, 1)
      assert.match(refused[0] ?? "", sentence)
    }
    const idle = [{ http: [{ path: "/" }], writes: [{ at: "0s", volume: "data", size: 1 }] }]
    const { refused, warned } = played(workload("Pod", main()), idle)
    assert.deepStrictEqual(refused, [])
    assert.match(warned.join("\n"), /container main names no port and answers on none/)
    assert.match(warned.join("\n"), /the pod of container main has no volume data: nothing is written/)
    const mixed = played(workload("Pod", main()), [{ exitAfter: "1s" }, { startError: "no" }])
    assert.match(
      mixed.refused[0] ?? "",
      /^spec\.programs\[0\]\.runs\[1\]\.startError: a real container starts always or never/
    )
    const cpu = played(workload("Pod", main()), [{ cpu: [{ at: "0s", usage: 1 }] }])
    assert.deepStrictEqual(cpu.refused, [])
    assert.match(cpu.warned[0] ?? "", /^spec\.programs\[0\]\.runs\[0\]\.cpu: /)
  })

  it("tells pods of one template apart by their names, and refuses one that only some of them have", () => {
    const set = workload("StatefulSet", main(), { replicas: 2 })
    const { refused } = played(set, [{ exitAfter: "1s" }], { pod: "web-0" })
    assert.match(refused[0] ?? "", /container main has a program in some of web-0, web-1 only/)
    const programs = [
      { match: { pod: "web-0" }, runs: [{ exitAfter: "1s", exitCode: 7 }] },
      { runs: [{ execs: [{ command: "check" }] }] }
    ]
    const { findings, scenario: sent } = playableScenario(scenario([set], programs), undefined)
    assert.isFalse(findings.some((one) => one.refused))
    const text = JSON.stringify(sent.steps)
    assert.include(text, "case $$N in\\n'web-1')")
    assert.include(text, "CODE=7")
    assert.include(text, "emptyDir")
  })

  it("is put into static pods, too, by the names that they have on their node", () => {
    const programs = [{ match: { pod: "web-a" }, runs: [{ exitAfter: "1s" }] }]
    const given = scenario([], programs, {
      nodes: [{ name: "a", staticPods: [workload("Pod", main())] }],
      steps: [{ at: "0s", node: { name: "b", staticPods: [workload("Pod", main())] } }]
    })
    const { nodes, steps } = playableScenario(given, undefined).scenario
    assert.include(JSON.stringify(nodes[0]?.staticPods), "END=100")
    assert.notInclude(JSON.stringify(steps), "END=100")
  })
})

describe("a program in a patch", () => {
  const patched = (object: JsonObject, patch: JsonObject, programs: ReadonlyArray<JsonObject>) => {
    const steps = [
      { at: "0s", apply: object },
      { at: "1s", patch: { kind: object["kind"] as string, name: "web", ...patch } }
    ]
    const { findings, scenario: sent } = playableScenario(scenario([], programs, { steps }), undefined)
    const [, step] = sent.steps
    return {
      patch: step?.intention._tag === "Patch" ? JSON.stringify(step.intention.patch) : "",
      refused: findings.filter(({ refused }) => refused).map(findingText)
    }
  }
  const other = "registry.example/app:2"
  const change = { type: "strategic", patch: { spec: { containers: [{ name: "main", image: other }] } } }
  const inTemplate = { ...change, patch: { spec: { template: change.patch } } }
  const perImage = [
    { match: { image }, runs: [{ exitAfter: "1s" }] },
    { match: { image: other }, runs: [{ exitAfter: "2s" }, { exitAfter: "3s" }] }
  ]

  it("that changes nothing of it is sent as it stands", () => {
    const once = [{ runs: [{ exitAfter: "1s" }] }]
    const { patch, refused } = patched(workload("Pod", main()), change, once)
    assert.deepStrictEqual([JSON.parse(patch), refused], [change.patch, []])
    const own = patched(workload("Pod", main({ command: ["true"] })), change, perImage)
    assert.deepStrictEqual([JSON.parse(own.patch), own.refused], [change.patch, []])
  })

  it("that changes it changes the command of a template, with the volume that it needs; of a pod nobody can", () => {
    const { patch, refused } = patched(workload("Deployment", main()), inTemplate, perImage)
    assert.deepStrictEqual(refused, [])
    assert.include(patch, "END=200")
    assert.include(patch, '"emptyDir":{}')
    const away = patched(workload("Deployment", main()), inTemplate, perImage.slice(0, 1))
    assert.include(away.patch, '"command":null')
    assert.match(
      patched(workload("Pod", main()), change, perImage).refused[0] ?? "",
      /^spec\.steps\[1\]\.patch: container main has another program with that image, and the command of a pod cannot change$/
    )
  })

  it("comes along in a container that it adds, unless that needs a volume which the pod has not", () => {
    const add = {
      subresource: "ephemeralcontainers",
      patch: { spec: { ephemeralContainers: [{ name: "debug", image }] } }
    }
    const debug = (runs: ReadonlyArray<JsonObject>) =>
      patched(workload("Pod", main({ command: ["true"] })), add, [{ match: { container: "debug" }, runs }])
    const { patch, refused } = debug([{ exitAfter: "1s" }])
    assert.deepStrictEqual(refused, [])
    assert.include(patch, "END=100")
    assert.match(
      debug([{ exitAfter: "1s" }, { exitAfter: "2s" }]).refused[0] ?? "",
      /its program needs a volume, and a pod gets none after it was made$/
    )
  })
})

describe("a comparison", () => {
  it("knows what plays a program, and sees the pod as its manifest says", () => {
    const runs: ReadonlyArray<ReadonlyArray<JsonObject>> = [
      [{ exitAfter: "1s" }],
      [{ execs: [{ command: "check" }], http: [{ port: 80 }] }],
      [{ exitAfter: "1s" }, { exitAfter: "2s" }],
      [{ startError: "exec: not found" }]
    ]
    const containers: ReadonlyArray<JsonObject> = [
      {},
      { env: [{ name: "PATH", value: "/opt" }], volumeMounts: [{ name: "data", mountPath: "/data" }] }
    ]
    const seen = (spec: unknown): ReadonlyArray<ClusterEvent> => {
      const metadata = { name: "web", namespace: "s", uid: "u", resourceVersion: "1" }
      const object = { apiVersion: "v1", kind: "Pod", metadata, spec: spec as string, status: { phase: "Pending" } }
      return [
        { _tag: "RecordingStarted", header: { t0: "2026-01-01T00:00:00.000Z" } },
        { _tag: "ObjectChanged", observed: 1_767_225_600_000_000 as Instant, change: "ADDED", object }
      ]
    }
    for (const several of runs)
      for (const more of containers) {
        const given = workload("Pod", main(more))
        const { same, spec } = played(given, several)
        assert.isFalse(same)
        const { differences, objects } = compare(seen(spec), seen(given["spec"]))
        assert.deepStrictEqual([objects, differences], [1, []])
      }
  })
})

describe("names of pods", () => {
  it("are told from their owner as far as they can be", () => {
    const named = (kind: string, spec: JsonObject = {}) =>
      podNames({ apiVersion: "v1", kind, metadata: { name: "a" }, spec } as never)
    assert.deepStrictEqual(named("Pod"), ["a"])
    assert.deepStrictEqual(named("StatefulSet", { replicas: 3 }), ["a-0", "a-1", "a-2"])
    assert.deepStrictEqual(named("Deployment"), ["a-0000000000-00000"])
    assert.deepStrictEqual(named("DaemonSet"), ["a-00000"])
    assert.deepStrictEqual(named("CronJob"), ["a-00000000-00000"])
  })
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { type ClusterEvent, toObserved } from "@kubereel/core"
import { Effect, Stream } from "effect"
import fc from "fast-check"
import { pack } from "tar-stream"
import { afterAll } from "vitest"
import { stringify } from "yaml"
import { BadRecording, importRecordings, knownFormats, recognise, UnreadableFile } from "../../src/index.ts"

const folder = mkdtempSync(join(tmpdir(), "kubereel-archive-"))
afterAll(() => rmSync(folder, { recursive: true }))
let archives = 0

type Files = { readonly [path: string]: string | Buffer }

const unpacked = (files: Files): string => {
  const root = join(folder, `${++archives}`)
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

const packed = (files: Files): Effect.Effect<Buffer> =>
  Effect.promise(async () => {
    const tar = pack()
    for (const [path, content] of Object.entries(files)) tar.entry({ name: path }, content)
    tar.finalize()
    const pieces: Array<Buffer> = []
    for await (const piece of tar) pieces.push(piece as Buffer)
    return Buffer.concat(pieces)
  })

/** A zip file; `method` 8 is deflate, 0 as it is. */
const zipped = (
  files: Files,
  how: (path: string) => readonly [method: number, flags: number] = () => [8, 0]
): Buffer => {
  const parts: Array<Buffer> = []
  const entries: Array<Buffer> = []
  let offset = 0
  for (const [path, content] of Object.entries(files)) {
    const [method, flags] = how(path)
    const [name, plain] = [Buffer.from(path), Buffer.from(content)]
    const data = method === 8 ? deflateRawSync(plain) : method === 93 ? zstdCompressSync(plain) : plain
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(method, 4)
    common.writeUInt32LE(crc32(plain), 10)
    common.writeUInt32LE(data.length, 14)
    common.writeUInt32LE(plain.length, 18)
    common.writeUInt16LE(name.length, 22)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    common.copy(central, 6)
    central.writeUInt32LE(offset, 42)
    const local = Buffer.concat([Buffer.from("PK\u0003\u0004"), common, name, data])
    parts.push(local)
    entries.push(central, name)
    offset += local.length
  }
  const directory = Buffer.concat(entries)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, directory, end])
}

const written = (content: string | Buffer): string => {
  const name = join(folder, `${++archives}`)
  writeFileSync(name, content)
  return name
}

const read = (path: string) =>
  Effect.gen(function* () {
    return yield* Stream.runCollect(importRecordings([yield* Effect.promise(() => recognise(path))]))
  })

const object = (kind: string, name: string, version: string, more: object = {}) => ({
  apiVersion: "v1",
  kind,
  metadata: { name, namespace: "d", uid: `${kind}-${name}`, resourceVersion: version },
  ...more
})
const told = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  events.flatMap((event) => {
    if (event._tag === "Gap") return [`Gap ${event.cause}`]
    if (event._tag !== "ObjectChanged") return []
    const { name, resourceVersion } = event.object.metadata as { name: string; resourceVersion: string }
    return [`${event.change} ${String(event.object.kind)} ${name} ${resourceVersion}`]
  })
const warnings = (events: ReadonlyArray<ClusterEvent>): string =>
  events.flatMap((event) => (event._tag === "Warned" ? [event.message] : [])).join("\n")

const audit = JSON.stringify({
  kind: "Event",
  apiVersion: "audit.k8s.io/v1",
  level: "RequestResponse",
  auditID: "1",
  stage: "ResponseComplete",
  verb: "create",
  objectRef: { resource: "pods", namespace: "d", name: "b" },
  responseStatus: { code: 201 },
  responseObject: object("Pod", "b", "3"),
  stageTimestamp: "2026-08-01T11:00:00.000000Z"
})

const times = (events: ReadonlyArray<ClusterEvent>): ReadonlyArray<string> =>
  events.flatMap((event) =>
    event._tag === "ObjectChanged"
      ? [event.observedText ?? (event.observed === undefined ? "-" : toObserved(event.observed))]
      : []
  )
const details = (events: ReadonlyArray<ClusterEvent>): string =>
  events.flatMap((event) => (event._tag === "Gap" ? [event.detail] : [])).join("\n")

describe("a must-gather", () => {
  const files: Files = {
    "must-gather/timestamp": "2026-08-01 12:00:00.5 +0000 UTC m=+0.1\n2026-08-01 12:03:00 +0000 UTC m=+180\n",
    "must-gather/image-1/cluster-scoped-resources/core/nodes/n1.yaml": stringify(object("Node", "n1", "1")),
    "must-gather/image-1/namespaces/d/core/pods.yaml": stringify({
      apiVersion: "v1",
      kind: "PodList",
      items: [{ metadata: object("Pod", "a", "10").metadata }]
    }),
    "must-gather/image-1/namespaces/d/pods/a/a.yaml": `---\n${stringify(object("Pod", "a", "9"))}`,
    "must-gather/image-1/namespaces/d/pods/a/c/c/logs/current.log": "not read",
    "must-gather/image-1/namespaces/d/core/configmaps.yaml": "",
    "must-gather/image-1/namespaces/d/core/services.yaml": "kind: ServiceList\nitems: [",
    "must-gather/image-1/audit_logs/kube-apiserver/n1-audit.log.gz": gzipSync(`${audit}\n`)
  }
  const expected = [
    "ADDED Pod b 3",
    "ADDED Node n1 1",
    "ADDED Pod a 9",
    "MODIFIED Pod a 10",
    "Gap unreadable",
    "Gap truncated"
  ]

  it.effect(
    "is objects of one moment, in the order of their versions; what is half-written is a gap; its audit logs are read",
    () =>
      Effect.gen(function* () {
        const events = yield* read(unpacked(files))
        assert.deepStrictEqual(told(events), expected)
        assert.deepInclude(events[0], {
          _tag: "RecordingStarted",
          header: { source: "must-gather", files: String(archives), collected: "2026-08-01T12:00:00.5+00:00" }
        })
        assert.match(
          warnings(events),
          /must-gather: 3 objects of one moment.*1 files are no objects|must-gather: 3 objects of one moment/
        )
      })
  )

  it.effect("is the same out of a compressed tar file", () =>
    Effect.gen(function* () {
      const name = written(gzipSync(yield* packed(files)))
      assert.deepStrictEqual(told(yield* read(name)), expected)
    })
  )

  it.effect("says what it left out of a tar file: logs, and what is too large", () =>
    Effect.gen(function* () {
      const whole = yield* packed({ ...files, "namespaces/d/pods/p/main/main/logs/current.log": "hello\n" })
      const header = (yield* packed({ "namespaces/d/core/huge.yaml": "" })).subarray(0, 512)
      header.write((600 * 1024 * 1024).toString(8).padStart(11, "0"), 124)
      header.fill(" ", 148, 156)
      const sum = header.reduce((sum, byte) => sum + byte, 0)
      header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148)
      const events = yield* read(written(Buffer.concat([whole.subarray(0, whole.length - 1_024), header])))
      assert.match(warnings(events), /\d+ files are no objects \(logs/)
      const gaps = events.flatMap((event) => (event._tag === "Gap" ? [event.detail] : []))
      assert.match(gaps.join("\n"), /huge\.yaml: is too large to be read from within an archive; unpack it/)
    })
  )

  it.effect("of several images has an object in each: the same version is said once, an older one first", () =>
    Effect.gen(function* () {
      const pods = (version: string) =>
        stringify({ apiVersion: "v1", kind: "PodList", items: [object("Pod", "a", version)] })
      const events = yield* read(
        unpacked({
          "must-gather/image-1/cluster-scoped-resources/core/nodes.yaml": stringify(object("Node", "n1", "1")),
          "must-gather/image-1/namespaces/d/core/pods.yaml": pods("10"),
          "must-gather/image-2/namespaces/d/core/pods.yaml": pods("9"),
          "must-gather/image-2/namespaces/d/pods/a/a.yaml": stringify(object("Pod", "a", "10")),
          "must-gather/image-2/namespaces/d/pods/a/main/main/logs/previous.insecure.log": "not read",
          "must-gather/image-2/namespaces/d/core/events.yaml": stringify({
            apiVersion: "v1",
            kind: "EventList",
            items: [
              {
                ...object("Event", "e", "8"),
                kind: undefined,
                involvedObject: { kind: "Pod", name: "a" },
                lastTimestamp: "2026-08-01T11:00:00Z"
              }
            ]
          })
        })
      )
      assert.deepStrictEqual(told(events), ["ADDED Event e 8", "ADDED Node n1 1", "ADDED Pod a 9", "MODIFIED Pod a 10"])
      assert.deepStrictEqual(times(events), ["2026-08-01T11:00:00Z", "-", "-", "-"])
      assert.match(warnings(events), /must-gather: when it was collected is not said in it/)
    })
  )

  it.effect("that is cut off keeps what was whole", () =>
    Effect.gen(function* () {
      const tar = yield* packed(files)
      assert.include(told(yield* read(written(tar.subarray(0, 5_200)))), "Gap truncated")
    })
  )
})

describe("a support bundle", () => {
  it.effect("tells what its collector was refused, and values that it has hidden", () =>
    Effect.gen(function* () {
      const list = (...items: ReadonlyArray<object>) =>
        JSON.stringify({ kind: "PodList", apiVersion: "v1", metadata: {}, items }, undefined, 2)
      const events = yield* read(
        unpacked({
          "bundle/version.yaml": "apiVersion: troubleshoot.sh/v1beta2\nkind: SupportBundle\nspec: {}\n",
          "bundle/cluster-resources/pods/d.json": list(object("Pod", "a", "1", { spec: { x: "***HIDDEN***" } })),
          "bundle/cluster-resources/nodes-errors.json": '["nodes is forbidden"]',
          "bundle/cluster-resources/pods-errors.json": "null",
          "bundle/cluster-resources/groups.json": "[]"
        })
      )
      assert.deepStrictEqual(told(events), ["ADDED Pod a 1", "Gap denied"])
      assert.match(warnings(events), /1 objects have values that their collector replaced by \*\*\*HIDDEN\*\*\*/)
    })
  )
})

describe("a bundle of rancher or Harvester", () => {
  const files: Files = {
    "supportbundle_x/metadata.yaml": 'projectname: Harvester\nbundlecreatedat: "2026-08-01T12:00:00Z"\n',
    "supportbundle_x/bundleGenerationError.log": "Failed to get /api/v1/namespaces/d/bindings: https://u:hunter2@h/\n",
    "supportbundle_x/logs/d/a/main.log": "not read",
    "supportbundle_x/nodes/n1.zip": "PK not read",
    "supportbundle_x/yamls/cluster/kubernetes/nodes.yaml": stringify({
      apiVersion: "v1",
      kind: "NodeList",
      items: [{ metadata: object("Node", "n1", "1").metadata }]
    }),
    "supportbundle_x/yamls/namespaced/d/kubernetes/pods.yaml": stringify({
      apiVersion: "v1",
      kind: "PodList",
      items: [object("Pod", "a", "2")]
    })
  }
  it.effect.each(["folder", "zip", "stored zip", "zstd zip", "tar.gz"])(
    "is objects of the moment that it names: %s",
    (how) =>
      Effect.gen(function* () {
        const path =
          how === "folder"
            ? unpacked(files)
            : written(
                how === "tar.gz"
                  ? gzipSync(yield* packed(files))
                  : zipped(files, () => [{ zip: 8, "stored zip": 0 }[how] ?? 93, 0])
              )
        const events = yield* read(path)
        assert.deepStrictEqual(told(events), ["ADDED Node n1 1", "ADDED Pod a 2", "Gap denied"])
        assert.deepStrictEqual(times(events), ["2026-08-01T12:00:00Z", "2026-08-01T12:00:00Z"])
        assert.deepInclude(events[0], {
          header: {
            source: "rancher support bundle",
            files: path.replace(/^.*\//, ""),
            collected: "2026-08-01T12:00:00Z"
          }
        })
        assert.match(details(events), /bundleGenerationError.log: the collector was refused: Failed to get/)
        assert.match(warnings(events), /rancher support bundle: 2 objects of one moment/)
        assert.match(
          warnings(events),
          /rancher support bundle: \d files are no objects \(logs, versions, …\) and were not read/
        )
      })
  )
})

describe("a zip file", () => {
  const files: Files = {
    "namespaces/d/v1/pod/a.yaml": stringify(object("Pod", "a", "1")),
    "namespaces/d/v1/pod/b.yaml": stringify(object("Pod", "b", "2"))
  }
  it.effect("that was cut off has lost its directory, which is said", () =>
    Effect.gen(function* () {
      const whole = zipped(files)
      const error = yield* Effect.flip(read(written(whole.subarray(0, whole.length - 30))))
      assert.match(error.message, /its directory, which stands at the end, is missing; fetch the file again/)
      assert.isTrue(error instanceof BadRecording)
    })
  )
  it.effect("with a file that is encrypted, damaged or packed in an unknown way has a gap there", () =>
    Effect.gen(function* () {
      const one = (method: number, flags: number) =>
        zipped(files, (path) => (path.endsWith("a.yaml") ? [method, flags] : [8, 0]))
      const broken = (bytes: Buffer) => {
        bytes[60] = (bytes[60] ?? 0) ^ 1
        return bytes
      }
      for (const [bytes, problem] of [
        [one(8, 1), /a.yaml: is encrypted/],
        [one(12, 0), /a.yaml: is compressed in a way that is not known \(12\)/],
        [broken(one(0, 0)), /a.yaml: its checksum is wrong/]
      ] as const) {
        const events = yield* read(written(bytes))
        assert.match(details(events), problem)
        assert.include(told(events), "ADDED Pod b 2")
      }
    })
  )
})

describe("what crust-gather keeps", () => {
  const seen = (mark: string, at: string, version: string, more: object = {}, uid = "u1") => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "a",
      namespace: "d",
      uid,
      resourceVersion: version,
      annotations: { [`crust-gather.io/${mark}`]: `2026-08-01T12:00:${at}Z` }
    },
    ...more
  })
  const base = seen("added", "01", "1")
  const at = (mark: string, second: string) => [
    {
      op: "replace",
      path: "/metadata/annotations",
      value: { [`crust-gather.io/${mark}`]: `2026-08-01T12:00:${second}Z` }
    }
  ]
  const version = (number: string) => [{ op: "replace", path: "/metadata/resourceVersion", value: number }]
  const lines = [
    [...at("updated", "02"), ...version("2"), { op: "add", path: "/status", value: { phase: "Running" } }],
    [...at("deleted", "04"), ...version("4")],
    [
      ...at("added", "05"),
      ...version("5"),
      { op: "replace", path: "/metadata/uid", value: "u2" },
      { op: "remove", path: "/status" }
    ]
  ]
  const files = (patches: string): Files => ({
    "collected.timestamp": "2026-08-01T12:00:09Z",
    "version.yaml": "gitVersion: v1.36.3\n",
    "namespaces/d/v1/pod/a.yaml": stringify(base),
    "namespaces/d/v1/pod/a.patch": patches,
    "namespaces/d/v1/pod/b.yaml": stringify(seen("added", "03", "3", { kind: "ConfigMap" }, "u3")),
    "namespaces/d/v1/pod/c.yaml": stringify(object("Pod", "c", "9")),
    "namespaces/d/pod/a/main/current.log": "not read"
  })
  const patches = lines.map((line) => `${JSON.stringify(line)}\n`).join("")

  it.effect.each(["folder", "tar"])(
    "while it records is every version at its time, two lives of a name told apart: %s",
    (how) =>
      Effect.gen(function* () {
        const events = yield* read(how === "folder" ? unpacked(files(patches)) : written(yield* packed(files(patches))))
        assert.deepStrictEqual(told(events), [
          "ADDED Pod a 1",
          "MODIFIED Pod a 2",
          "ADDED ConfigMap a 3",
          "DELETED Pod a 4",
          "ADDED Pod a 5",
          "ADDED Pod c 9"
        ])
        assert.deepStrictEqual(
          times(events),
          ["01", "02", "03", "04", "05", "09"].map((second) => `2026-08-01T12:00:${second}Z`)
        )
        const objects = events.flatMap((event) => (event._tag === "ObjectChanged" ? [event.object] : []))
        assert.deepStrictEqual(objects[1], {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: "a", namespace: "d", uid: "u1", resourceVersion: "2" },
          status: { phase: "Running" }
        })
        assert.notInclude(JSON.stringify(objects), "crust-gather.io")
      })
  )

  it.effect("is read up to a patch that does not fit or is torn off, which is a gap", () =>
    Effect.gen(function* () {
      const wrong = yield* read(unpacked(files(`${patches}[{"op":"remove","path":"/nothing"}]\n`)))
      assert.strictEqual(told(wrong).at(-1), "Gap unreadable")
      assert.match(details(wrong), /a.patch:4: does not fit what was before; what came after it is not read/)
      const torn = yield* read(unpacked(files(patches.slice(0, -20))))
      assert.deepStrictEqual(told(torn).slice(-2), ["ADDED Pod c 9", "Gap truncated"])
    })
  )

  it.effect("has a zero after each file of a tar, which is none of it", () =>
    Effect.gen(function* () {
      const pod = stringify(object("Pod", "a", "1"))
      const list = JSON.stringify({ kind: "List", apiVersion: "v1", items: [object("Pod", "b", "2")] })
      const padded = { "namespaces/d/v1/pod/a.yaml": `${pod}\u0000`, "namespaces/d/v1/pod/list.json": `${list}\u0000` }
      assert.deepStrictEqual(told(yield* read(written(yield* packed(padded)))), ["ADDED Pod a 1", "ADDED Pod b 2"])
    })
  )
})

describe("what is no recording", () => {
  it.effect.each(["hello\n", "a: [", '{"kind":0}', "1,2,3\n4,5,6\n", '{"version":2,"events":[{"ts":1}]}'])(
    "is refused with what is known: %s",
    (content) =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(read(written(content)))
        assert.isTrue(error instanceof BadRecording && error.message.includes(knownFormats), String(error))
      })
  )

  it("never ends in anything but a typed error, whatever its bytes are", async () => {
    const seeds = [
      gzipSync(audit),
      Buffer.from(`${audit}\n${audit}`),
      Buffer.from(stringify(object("Pod", "a", "1"))),
      Buffer.from(JSON.stringify({ kind: "List", items: [object("Pod", "a", "1")] }, undefined, 1)),
      Buffer.from(`${JSON.stringify({ type: "ADDED", object: object("Pod", "a", "1") })}\n`),
      Buffer.from(
        "apiVersion: action.kwok.x-k8s.io/v1alpha1\nkind: ResourcePatch\ntarget: {name: a}\nmethod: patch\ndurationNanosecond: 5\n"
      ),
      await Effect.runPromise(
        packed({
          "cluster-resources/pods/d.json": JSON.stringify({ kind: "PodList", items: [object("Pod", "a", "1")] })
        })
      )
    ]
    const garbled = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(...Buffer.from('{}[]":,\n- a0\u0000\u001f\u008b'))), {
          maxLength: 8
        }),
        fc.nat()
      )
      .map(([seed, changes, cut]) => {
        const bytes = Buffer.from(seed)
        for (const [place, value] of changes) bytes[place % bytes.length] = value
        return cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes
      })
    await fc.assert(
      fc.asyncProperty(fc.oneof(garbled, fc.uint8Array({ maxLength: 400 }).map(Buffer.from)), async (bytes) => {
        const path = written(bytes)
        try {
          const found = await recognise(path)
          const done = await Effect.runPromise(
            Effect.result(Stream.runCollect(importRecordings([{ ...found, format: found.format ?? "objects" }])))
          )
          if (done._tag === "Failure")
            assert.isTrue(done.failure instanceof BadRecording || done.failure instanceof UnreadableFile)
        } catch (cause) {
          assert.isTrue(cause instanceof BadRecording || cause instanceof UnreadableFile, String(cause))
        }
      }),
      { numRuns: 300 }
    )
  })
})

/** Volumes and their mounts that the API server refuses, and in which words. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { createPod } from "../../../src/decide/apiserver/createPod.ts"
import type { JsonObject } from "../../../src/event/Json.ts"
import { container, manifest, names } from "./pods.ts"

const message = (pod: JsonObject): string | undefined => {
  const result = createPod(pod, names)
  return Result.isFailure(result) ? result.failure.message : undefined
}
const volumes = (...given: ReadonlyArray<JsonObject>) => message(manifest({ volumes: given }))
const mount = (given: JsonObject, securityContext: JsonObject = {}) =>
  message(
    manifest({
      volumes: [{ name: "v", emptyDir: {} }],
      containers: [container({ securityContext, volumeMounts: [{ name: "v", mountPath: "/v", ...given }] })]
    })
  )
const PATH = 'Pod "p" is invalid: spec.containers[0].volumeMounts'

describe("volumes", () => {
  it.each<readonly [why: string, volume: JsonObject, refused: string]>([
    [
      "S-294: of two types at once",
      { name: "v", emptyDir: {}, secret: { secretName: "s" } },
      "spec.volumes[0].secret: Forbidden: may not specify more than 1 volume type"
    ],
    ["S-318: a hostPath without a path", { name: "v", hostPath: {} }, "spec.volumes[0].hostPath.path: Required value"],
    [
      "a hostPath that goes up",
      { name: "v", hostPath: { path: "/a/../b" } },
      "spec.volumes[0].hostPath.path: Invalid value: \"/a/../b\": must not contain '..'"
    ],
    [
      "a hostPath of another type",
      { name: "v", hostPath: { path: "/a", type: "Folder" } },
      'spec.volumes[0].hostPath.type: Unsupported value: "Folder": supported values: "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"'
    ],
    [
      "an emptyDir of less than nothing",
      { name: "v", emptyDir: { sizeLimit: "-1Mi" } },
      "spec.volumes[0].emptyDir.sizeLimit: Forbidden: SizeLimit field must be a valid resource quantity"
    ],
    [
      "an image volume without a reference",
      { name: "v", image: { pullPolicy: "Never" } },
      "spec.volumes[0].image.reference: Required value"
    ],
    [
      "an image volume with another policy",
      { name: "v", image: { reference: "i", pullPolicy: "Often" } },
      'spec.volumes[0].image.pullPolicy: Unsupported value: "Often": supported values: "Always", "IfNotPresent", "Never"'
    ],
    [
      "a mode of more than nine bits",
      { name: "v", secret: { secretName: "s", defaultMode: 512 } },
      "spec.volumes[0].secret.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive"
    ],
    [
      "a key at a path of the kubelet's own",
      { name: "v", configMap: { name: "c", items: [{ key: "k", path: "..data" }] } },
      "spec.volumes[0].configMap.items[0].path: Invalid value: \"..data\": must not start with '..'"
    ],
    ["S-290: without a name", { emptyDir: {} }, "spec.volumes[0].name: Required value"]
  ])("%s is refused", (_, volume, refused) => {
    expect(volumes(volume)).toBe(`Pod "p" is invalid: ${refused}`)
  })

  it("S-290, S-295: of one name twice is refused, of many names and in many places is not", () => {
    const many = ["a", "b", "c"].map((name) => ({ name, emptyDir: {} }))
    const mounts = many.map(({ name }) => ({ name, mountPath: `/${name}` }))
    expect(volumes(...many, { name: "a", emptyDir: {} })).toBe(
      'Pod "p" is invalid: spec.volumes[3].name: Duplicate value: "a"'
    )
    const containers = [
      container({ volumeMounts: [...mounts, { name: "a", mountPath: "/again" }] }),
      container({ name: "d", volumeMounts: [{ name: "a", mountPath: "/elsewhere" }] }),
      container({ name: "e" })
    ]
    expect(message(manifest({ volumes: many, containers }))).toBeUndefined()
  })
})

describe("mounts", () => {
  it.each<readonly [why: string, mount: JsonObject, refused: string]>([
    ["S-290: of no such volume", { name: "w" }, '[0].name: Not found: "w"'],
    ["S-299: without a path", { mountPath: "" }, "[0].mountPath: Required value"],
    ["S-299: at an absolute subPath", { subPath: "/a" }, '.subPath: Invalid value: "/a": must be a relative path'],
    [
      "S-299: at a subPath that goes up",
      { subPath: "a/.." },
      ".subPath: Invalid value: \"a/..\": must not contain '..'"
    ],
    [
      "S-299: with both kinds of subPath",
      { subPath: "a", subPathExpr: "$(A)" },
      '[0].subPathExpr: Invalid value: "$(A)": subPathExpr and subPath are mutually exclusive'
    ],
    [
      "S-300: of another propagation",
      { mountPropagation: "Both" },
      '.mountPropagation: Unsupported value: "Both": supported values: "Bidirectional", "HostToContainer", "None"'
    ],
    [
      "S-300: in both directions without privileges",
      { mountPropagation: "Bidirectional" },
      ".mountPropagation: Forbidden: Bidirectional mount propagation is available only to privileged containers"
    ],
    [
      "S-299: recursively read-only, but not read-only",
      { recursiveReadOnly: "Enabled" },
      ".recursiveReadOnly: Forbidden: may only be specified when readOnly is true"
    ],
    [
      "S-299: recursively read-only, but passed on",
      { readOnly: true, recursiveReadOnly: "IfPossible", mountPropagation: "HostToContainer" },
      ".recursiveReadOnly: Forbidden: may only be specified when mountPropagation is None or not specified"
    ],
    [
      "S-299: recursively read-only in another way",
      { recursiveReadOnly: "Yes" },
      '.recursiveReadOnly: Unsupported value: "Yes": supported values: "Disabled", "Enabled", "IfPossible"'
    ]
  ])("%s are refused", (_, given, refused) => {
    expect(mount(given)).toBe(PATH + refused)
  })

  it("S-299, S-300: with every field as it should be are not", () => {
    expect(mount({ readOnly: true, recursiveReadOnly: "Enabled", mountPropagation: "None" })).toBeUndefined()
    expect(mount({ mountPropagation: "HostToContainer", subPath: "a/b" })).toBeUndefined()
    expect(mount({ mountPropagation: "Bidirectional", subPathExpr: "$(A)" }, { privileged: true })).toBeUndefined()
  })
})

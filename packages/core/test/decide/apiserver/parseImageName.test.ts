/** Names of images, as registries' clients read them. */
import { describe, expect, it } from "vitest"
import { parseImageName } from "../../../src/decide/apiserver/parseImageName.ts"

const digest = `sha256:${"0".repeat(64)}`

describe("parseImageName", () => {
  it.each([
    ["nginx", "nginx", "latest", ""],
    ["nginx:1.27", "nginx", "1.27", ""],
    ["a/b/c:v1", "a/b/c", "v1", ""],
    ["127.0.0.1:5000/busybox:1", "127.0.0.1:5000/busybox", "1", ""],
    ["Registry.Example.com/x", "Registry.Example.com/x", "latest", ""],
    [`nginx@${digest}`, "nginx", "", digest],
    [`nginx:1@${digest}`, "nginx", "1", digest]
  ])("reads %s", (image, name, tag, of) => {
    expect(parseImageName(image)).toEqual({ name, tag, digest: of })
  })

  it.each([
    "",
    " nginx",
    "Nginx",
    "nginx:",
    "nginx:a b",
    "a//b",
    "0".repeat(40).replaceAll("0", "a") + "b".repeat(24),
    "nginx@sha256:12"
  ])("refuses %j", (image) => {
    expect(parseImageName(image)).toBeUndefined()
  })
})

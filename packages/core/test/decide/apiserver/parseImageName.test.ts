/** Names of images, as registries' clients read them. */
import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { imageNameOf, parseImageName } from "../../../src/decide/apiserver/parseImageName.ts"

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
    expect(parseImageName(image)).toMatchObject({ name, tag, digest: of })
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

  it.each([
    ["nginx", "docker.io", "library/nginx"],
    ["index.docker.io/nginx:1", "docker.io", "library/nginx"],
    ["me/app", "docker.io", "me/app"],
    ["localhost/app", "localhost", "app"],
    ["r:5000/a/b:1", "r:5000", "a/b"],
    ["r.example.com/a", "r.example.com", "a"],
    ["quay.io/me/app", "quay.io", "me/app"],
    ["Registry/a", "Registry", "a"]
  ])("S-271: knows the registry of %s", (image, domain, path) => {
    expect(parseImageName(image)).toMatchObject({ domain, path })
  })

  it.each([
    ["Not A Name", "invalid reference format: repository name (library/Not A Name) must be lowercase"],
    ["r.example.com/App:1", "invalid reference format: repository name (App) must be lowercase"],
    ["nginx:", "invalid reference format"],
    ["a".repeat(64), `invalid repository name (${"a".repeat(64)}), cannot specify 64-byte hexadecimal strings`],
    [`r.example.com/${"a/".repeat(130)}a`, "repository name must not be more than 255 characters"]
  ])("says why %s is none, in the library's words", (image, problem) => {
    expect(imageNameOf(image)).toEqual(Result.fail(`couldn't parse image name ${JSON.stringify(image)}: ${problem}`))
  })
})

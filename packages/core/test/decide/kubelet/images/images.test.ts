/** The rules about images, apart from time and nodes. */
import * as Base64 from "effect/encoding/Base64"
import { describe, expect, it } from "vitest"
import { type ImageName, parseImageName } from "../../../../src/decide/apiserver/parseImageName.ts"
import { isInImageBackOff, nextImageBackOff } from "../../../../src/decide/kubelet/images/imageBackOff.ts"
import { backOffFailure, imageWords, pullFailure } from "../../../../src/decide/kubelet/images/imageWords.ts"
import { pullCredentials } from "../../../../src/decide/kubelet/images/pullCredentials.ts"
import { mustAttemptImagePull, recordPulled } from "../../../../src/decide/kubelet/images/pulledRecords.ts"
import { registryError } from "../../../../src/decide/kubelet/images/registryError.ts"
import { type TokenBucket, tryAccept } from "../../../../src/decide/kubelet/images/tokenBucket.ts"
import { SECOND } from "../../../../src/event/Instant.ts"
import { at } from "../given.ts"

const named = (image: string): ImageName => {
  const name = parseImageName(image)
  if (name === undefined) throw new Error(`${image} is no name`)
  return name
}

describe("image back-off", () => {
  it("K-124, S-267: 10, 20, 40, 80, 160, 300, 300 seconds after the last failure, without jitter", () => {
    const delays: Array<number> = []
    let entry = nextImageBackOff(undefined, at(0))
    for (let i = 0; i < 7; i++) {
      delays.push(entry.backOff / SECOND)
      const over = at((entry.lastFailure - at(0) + entry.backOff) / SECOND)
      expect(isInImageBackOff(entry, at((over - at(0)) / SECOND - 0.001))).toBe(true)
      expect(isInImageBackOff(entry, over)).toBe(false)
      entry = nextImageBackOff(entry, over)
    }
    expect(delays).toEqual([10, 20, 40, 80, 160, 300, 300])
  })

  it("T-06: it begins anew when 600 seconds have passed since the last failure", () => {
    const entry = { backOff: 300 * SECOND, lastFailure: at(0) }
    expect(nextImageBackOff(entry, at(600)).backOff).toBe(300 * SECOND)
    expect(nextImageBackOff(entry, at(601)).backOff).toBe(10 * SECOND)
  })
})

describe("what is said", () => {
  it("section 3.3: durations are cut to milliseconds, the size is in bytes", () => {
    expect(imageWords.pulled("a:1", { pull: 1_234_567, whole: 61_000_999, size: 7 })).toBe(
      'Successfully pulled image "a:1" in 1.234s (1m1s including waiting). Image size: 7 bytes.'
    )
  })

  it("T-11: waiting.message of ImagePullBackOff carries the previous reason and error, the Event does not", () => {
    expect(backOffFailure("a:1", pullFailure("a:1", "no")).message).toBe(
      'Back-off pulling image "a:1": ErrImagePull: no'
    )
    expect(imageWords.backOff("a:1")).toBe('Back-off pulling image "a:1"')
  })

  it("X-03, section 3.3: two errors of the runtime have reasons of their own", () => {
    expect(pullFailure("a:1", "RegistryUnavailable: down")).toEqual({
      reason: "RegistryUnavailable",
      message: "image pull failed for a:1 because the registry is unavailable: down"
    })
    expect(pullFailure("a:1", "SignatureValidationFailed").message).toBe(
      "image pull failed for a:1 because the signature validation failed"
    )
  })
})

describe("what a registry's refusal reads like", () => {
  const pull = (reference: string) => `failed to pull and unpack image "${reference}": failed to resolve image: `
  it.each([
    [
      "127.0.0.1:5000/missing:1",
      "NotFound",
      `rpc error: code = NotFound desc = ${pull("127.0.0.1:5000/missing:1")}127.0.0.1:5000/missing:1: not found`
    ],
    [
      "nginx",
      "NotFound",
      `rpc error: code = NotFound desc = ${pull("docker.io/library/nginx:latest")}docker.io/library/nginx:latest: not found`
    ],
    [
      "me/private",
      "Unauthorized",
      `rpc error: code = Unknown desc = ${pull("docker.io/me/private:latest")}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`
    ],
    [
      "r.example.com/private:2",
      "Unauthorized",
      `rpc error: code = Unknown desc = ${pull("r.example.com/private:2")}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`
    ],
    [
      "r.example.com/a/b:2",
      "Unavailable",
      `rpc error: code = Unknown desc = ${pull("r.example.com/a/b:2")}unexpected status from HEAD request to https://r.example.com/v2/a/b/manifests/2: 503 Service Unavailable`
    ],
    [
      "busybox:1.36",
      "RateLimited",
      `rpc error: code = Unknown desc = ${pull("docker.io/library/busybox:1.36")}unexpected status from HEAD request to https://registry-1.docker.io/v2/library/busybox/manifests/1.36: 429 Too Many Requests`
    ]
  ] as const)("K-131: %s %s keeps gRPC's prefix", (image, fault, text) => {
    expect(registryError(named(image), fault)).toBe(text)
  })
})

describe("pull secrets", () => {
  const secret = (name: string, auths: object) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: "n", uid: name },
    type: "kubernetes.io/dockerconfigjson",
    data: { ".dockerconfigjson": Base64.encode(JSON.stringify({ auths })) }
  })
  const auth = { auth: "eDp5" }
  const names = (image: string, ...secrets: ReadonlyArray<ReturnType<typeof secret>>) =>
    pullCredentials(secrets, named(image)).map(({ name }) => name)

  it("speak for a host, a path in it, and each glob part; the more specific one comes first", () => {
    const host = secret("host", { "https://r.example.com/v1/": auth })
    const path = secret("path", { "r.example.com/team": auth })
    const glob = secret("glob", { "*.example.com": auth })
    expect(names("r.example.com/team/app:1", host, path)).toEqual(["path", "host"])
    expect(names("r.example.com/app:1", host, path, glob)).toEqual(["host", "glob"])
    expect(names("example.com/app:1", host, path, glob)).toEqual([])
  })

  it("S-271: of Docker Hub are found under its old name", () => {
    expect(names("nginx", secret("hub", { "https://index.docker.io/v1/": auth }))).toEqual(["hub"])
  })

  it("of another type, or that are no JSON, speak for nobody", () => {
    const opaque = { ...secret("opaque", { "docker.io": auth }), type: "Opaque" }
    const broken = { ...secret("broken", {}), data: { ".dockerconfigjson": Base64.encode("{") } }
    expect(names("nginx", opaque, broken)).toEqual([])
  })

  const mine = { uid: "1", namespace: "n", name: "a", hash: "h1" }
  const other = { uid: "2", namespace: "n", name: "b", hash: "h2" }

  it("K-121: an image that no kubelet pulled, or that was pulled without credentials, is everybody's", () => {
    expect(mustAttemptImagePull(undefined, [])).toBe(false)
    expect(mustAttemptImagePull(recordPulled(undefined, undefined), [])).toBe(false)
    expect(recordPulled(recordPulled(undefined, mine), undefined)).toBe("everybody")
  })

  it("K-121: one that was pulled with a secret is pulled again for a pod with neither that secret nor what is in it", () => {
    const record = recordPulled(undefined, mine)
    expect(mustAttemptImagePull(record, [])).toBe(true)
    expect(mustAttemptImagePull(record, [other])).toBe(true)
    expect(mustAttemptImagePull(record, [mine])).toBe(false)
    expect(mustAttemptImagePull(record, [{ ...other, hash: "h1" }])).toBe(false)
    expect(mustAttemptImagePull(record, [{ ...mine, hash: "h3" }])).toBe(false)
    expect(mustAttemptImagePull(recordPulled(record, other), [other])).toBe(false)
  })
})

it("K-123: ten pulls at once, then five a second; 0 is no limit", () => {
  const limits = { qps: 5, burst: 10 }
  let bucket: TokenBucket | undefined
  const accepted = (seconds: number): number => {
    let count = 0
    for (let next = tryAccept(bucket, at(seconds), limits); next !== undefined; count++) {
      bucket = next
      next = tryAccept(bucket, at(seconds), limits)
    }
    return count
  }
  expect([accepted(0), accepted(0.1), accepted(0.2), accepted(1.2), accepted(60)]).toEqual([10, 0, 1, 5, 10])
  expect(tryAccept({ tokens: 0, at: at(0) }, at(0), { qps: 0, burst: 10 })).toBeDefined()
})

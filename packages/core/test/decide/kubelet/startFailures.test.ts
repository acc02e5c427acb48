/** Why a container or a volume cannot be made: the words of the kubelet. */
import { describe, expect, it } from "vitest"
import { containerUser } from "../../../src/decide/kubelet/containerUser.ts"
import { environmentProblem } from "../../../src/decide/kubelet/makeEnvironmentVariables.ts"
import { type ConfigLookup, objectReferences } from "../../../src/decide/kubelet/objectReferences.ts"
import { verifyRunAsNonRoot } from "../../../src/decide/kubelet/securityContext.ts"
import { hostPathProblem, usualHostPaths } from "../../../src/decide/kubelet/volumes/hostPath.ts"
import { mountFailed, setUpProblem } from "../../../src/decide/kubelet/volumes/setUpVolume.ts"
import { nextVolumeBackOff } from "../../../src/decide/kubelet/volumes/volumeBackOff.ts"
import {
  cannotMount,
  claimNameOf,
  claimProblem,
  expectedVolumes
} from "../../../src/decide/kubelet/volumes/volumeNames.ts"
import { SECOND } from "../../../src/event/Instant.ts"
import { container } from "./given.ts"

const lookup: ConfigLookup = (kind, name) =>
  name === "there"
    ? {
        apiVersion: "v1",
        kind,
        metadata: { name },
        data: { a: "1" },
        ...(kind === "ConfigMap" ? { binaryData: { b: "" } } : {})
      }
    : undefined

describe("the environment", () => {
  const problem = (more: object) => environmentProblem(container("main", more), "ns", lookup)

  it.each([
    [{ envFrom: [{ configMapRef: { name: "gone" } }] }, 'configmap "gone" not found'],
    [{ envFrom: [{ secretRef: { name: "gone" } }] }, 'secret "gone" not found'],
    [
      { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "gone", key: "a" } } }] },
      'configmap "gone" not found'
    ],
    [{ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "gone", key: "a" } } }] }, 'secret "gone" not found'],
    [
      { env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "there", key: "z" } } }] },
      "couldn't find key z in ConfigMap ns/there"
    ],
    [
      { env: [{ name: "A", valueFrom: { secretKeyRef: { name: "there", key: "z" } } }] },
      "couldn't find key z in Secret ns/there"
    ],
    [{ env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "there", key: "a" } } }] }, undefined],
    [{ env: [{ name: "A", valueFrom: { configMapKeyRef: { name: "gone", key: "a", optional: true } } }] }, undefined],
    [{ env: [{ name: "A", valueFrom: { secretKeyRef: { name: "there", key: "z", optional: true } } }] }, undefined],
    [{ envFrom: [{ configMapRef: { name: "gone", optional: true } }, { secretRef: { name: "there" } }] }, undefined],
    [{ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] }, undefined]
  ])("K-132, K-390: %j", (more, expected) => {
    expect(problem(more)).toBe(expected)
  })

  it("envFrom is read before env", () => {
    const env = [{ name: "A", valueFrom: { secretKeyRef: { name: "second", key: "a" } } }]
    expect(problem({ env, envFrom: [{ configMapRef: { name: "first" } }] })).toBe('configmap "first" not found')
  })
})

describe("the user", () => {
  const verify = (pod: object, own: object, imageUser: string) =>
    verifyRunAsNonRoot({
      spec: { containers: [], securityContext: { ...pod } },
      container: container("c", { securityContext: { ...own } }),
      imageUser,
      podText: "p_n(u)"
    })

  it.each([
    [
      { runAsNonRoot: true },
      {},
      "",
      'container has runAsNonRoot and image will run as root (pod: "p_n(u)", container: c)'
    ],
    [
      { runAsNonRoot: true },
      {},
      "0:0",
      'container has runAsNonRoot and image will run as root (pod: "p_n(u)", container: c)'
    ],
    [
      {},
      { runAsNonRoot: true },
      "nobody",
      'container has runAsNonRoot and image has non-numeric user (nobody), cannot verify user is non-root (pod: "p_n(u)", container: c)'
    ],
    [
      { runAsNonRoot: true, runAsUser: 0 },
      {},
      "1000",
      'container\'s runAsUser breaks non-root policy (pod: "p_n(u)", container: c)'
    ],
    [{ runAsNonRoot: true, runAsUser: 0 }, { runAsUser: 7 }, "", undefined],
    [{ runAsNonRoot: true }, { runAsNonRoot: false }, "", undefined],
    [{ runAsNonRoot: true }, {}, "1000:5", undefined],
    [{}, {}, "", undefined]
  ] as const)("K-133: %j and %j with an image of %j", (...[pod, own, image, expected]) => {
    expect(verify(pod, own, image)).toBe(expected)
  })

  it("K-193: without runAsUser a container runs as its image says, by number", () => {
    const user = (own: object, image: string) =>
      containerUser({}, container("c", { securityContext: { ...own } }), image)["linux"]
    expect(user({}, "1000:50")).toEqual({ uid: 1000, gid: 50, supplementalGroups: [50] })
    expect(user({}, "nobody")).toEqual({ uid: 0, gid: 0, supplementalGroups: [0] })
    expect(user({ runAsUser: 7 }, "1000:50")).toEqual({ uid: 7, gid: 0, supplementalGroups: [0] })
  })
})

describe("volumes", () => {
  const problem = (volume: object) =>
    setUpProblem({ name: "v", ...volume }, { lookup, hostPaths: usualHostPaths, gitRepoDriver: false, labels: {} })

  it.each([
    [{ configMap: { name: "gone" } }, 'configmap "gone" not found'],
    [{ configMap: { name: "gone", optional: true } }, undefined],
    [{ configMap: { name: "there", items: [{ key: "z" }] } }, "configmap references non-existent config key: z"],
    [{ configMap: { name: "there", items: [{ key: "b" }] } }, undefined],
    [{ secret: { secretName: "gone" } }, 'secret "gone" not found'],
    [{ secret: { secretName: "there", items: [{ key: "z" }] } }, "references non-existent secret key: z"],
    [{ secret: { secretName: "there" } }, undefined],
    [
      {
        projected: {
          sources: [{ configMap: { name: "gone" } }, { secret: { name: "away" } }, { configMap: { name: "gone" } }]
        }
      },
      '[configmap "gone" not found, secret "away" not found]'
    ],
    [
      { projected: { sources: [{ serviceAccountToken: {} }, { secret: { name: "gone" } }] } },
      'secret "gone" not found'
    ],
    [{ downwardAPI: {} }, undefined],
    [{ emptyDir: {} }, undefined]
  ])("section 7.3, S-337: %j", (volume, expected) => {
    expect(problem(volume)).toBe(expected)
  })

  it.each([
    ["/no/such", "", undefined],
    ["/no/such", "DirectoryOrCreate", undefined],
    ["/no/such", "Directory", "hostPath type check failed: /no/such is not a directory"],
    ["/var/log/", "Directory", undefined],
    ["/etc/hosts", "DirectoryOrCreate", "hostPath type check failed: /etc/hosts is not a directory"],
    ["/etc/new", "FileOrCreate", undefined],
    ["/no/such", "FileOrCreate", "open /no/such: no such file or directory"],
    ["/var", "File", "hostPath type check failed: /var is not a file"],
    ["/run/containerd/containerd.sock", "Socket", undefined],
    ["/run/docker.sock", "Socket", "hostPath type check failed: /run/docker.sock is not a socket file"],
    ["/dev/sda", "BlockDevice", "hostPath type check failed: /dev/sda is not a block device"],
    ["/dev/fuse", "CharDevice", "hostPath type check failed: /dev/fuse is not a character device"]
  ])("hostPath %s of type %j", (path, type, expected) => {
    expect(hostPathProblem({ path, type }, usualHostPaths)).toBe(expected)
  })

  it("section 7.3: the Event has a space before the colon", () => {
    expect(mountFailed("v", "why")).toBe('MountVolume.SetUp failed for volume "v" : why')
  })

  it("section 1.1: a failed mount is tried again after 0.5 s, doubling to 2m2s", () => {
    const waits: Array<number> = []
    for (let wait = nextVolumeBackOff(undefined); waits.length < 10; wait = nextVolumeBackOff(wait))
      waits.push(wait / SECOND)
    expect(waits).toEqual([0.5, 1, 2, 4, 8, 16, 32, 64, 122, 122])
  })

  it("only volumes that a container uses are waited for", () => {
    const volumes = [{ name: "used" }, { name: "unused" }, { name: "device" }]
    const spec = {
      containers: [container("c", { volumeMounts: [{ name: "used" }] })],
      initContainers: [container("i", { volumeDevices: [{ name: "device" }] })],
      volumes
    }
    expect(expectedVolumes(spec).map(({ name }) => name)).toEqual(["used", "device"])
  })

  it("K-330: a claim that cannot be used ends the wait with an Event of its own", () => {
    const claim = (status: object, metadata: object = {}) => ({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "c", finalizers: ["kubernetes.io/pvc-protection"], ...metadata },
      spec: {},
      status: { ...status }
    })
    const of = (found: ReturnType<typeof claim> | undefined) =>
      claimProblem({ namespace: "n", name: "c", claim: found, volume: undefined })
    expect(of(undefined)).toBe(
      'error processing PVC n/c: failed to fetch PVC from API server: persistentvolumeclaims "c" not found'
    )
    expect(of(claim({ phase: "Pending" }))).toBe("error processing PVC n/c: PVC is not bound")
    expect(of(claim({ phase: "Bound" }))).toBe("error processing PVC n/c: PVC has empty pvc.Spec.VolumeName")
    expect(of(claim({}, { deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: [] }))).toBe(
      "error processing PVC n/c: PVC is being deleted"
    )
    expect(claimNameOf("p", { name: "v", persistentVolumeClaim: { claimName: "c" } })).toBe("c")
    expect(claimNameOf("p", { name: "v", ephemeral: {} })).toBe("p-v")
    expect(claimNameOf("p", { name: "v", emptyDir: {} })).toBeUndefined()
    expect(cannotMount(["b", "a"], ["b"], "why")).toBe(
      "Unable to attach or mount volumes: unmounted volumes=[a b], unattached volumes=[], failed to process volumes=[b]: why"
    )
  })
})

it("names every ConfigMap and Secret that a pod refers to", () => {
  const spec = {
    containers: [
      container("c", {
        envFrom: [{ configMapRef: { name: "a" } }, { secretRef: { name: "b" } }],
        env: [{ name: "X", valueFrom: { secretKeyRef: { name: "c", key: "k" } } }]
      })
    ],
    initContainers: [container("i", { env: [{ name: "X", valueFrom: { configMapKeyRef: { name: "d", key: "k" } } }] })],
    volumes: [
      { name: "1", configMap: { name: "e" } },
      { name: "2", secret: { secretName: "f" } },
      { name: "3", projected: { sources: [{ secret: { name: "g" } }, { configMap: { name: "h" } }] } }
    ],
    imagePullSecrets: [{ name: "i" }, { name: "" }]
  }
  expect(objectReferences(spec).map(({ kind, name }) => `${kind[0]} ${name}`)).toEqual(
    "C d,C a,S b,S c,C e,S f,S g,C h,S i".split(",")
  )
})

/** As whom a container runs. */
import { describe, expect, it } from "vitest"
import { containerUser } from "../../../src/decide/kubelet/containerUser.ts"
import { container } from "./given.ts"

describe("K-193: the user of a container", () => {
  it("is root where nobody says otherwise", () => {
    expect(containerUser({}, container("a"))).toEqual({ linux: { uid: 0, gid: 0, supplementalGroups: [0] } })
  })

  it("is what the container says, else what the pod says, with all groups in their order", () => {
    const ofPod = { securityContext: { runAsUser: 1, runAsGroup: 9, fsGroup: 4, supplementalGroups: [7, 4, 2] } }
    expect(containerUser(ofPod, container("a"))).toEqual({
      linux: { uid: 1, gid: 9, supplementalGroups: [2, 4, 7, 9] }
    })
    expect(containerUser(ofPod, container("a", { securityContext: { runAsUser: 5 } }))).toMatchObject({
      linux: { uid: 5, gid: 9 }
    })
  })
})

/** A ReplicationController as a ReplicaSet, and back. */
import { expect, it } from "vitest"
import {
  controllerOfReplicaSet,
  replicaSetOfController
} from "../../../../src/decide/controller/replication/conversion.ts"
import type { KubernetesObject } from "../../../../src/event/KubernetesObject.ts"

const controller = {
  kind: "ReplicationController",
  apiVersion: "v1",
  metadata: { name: "web", uid: "u" },
  spec: { replicas: 2, selector: { app: "web" } },
  status: { replicas: 2 }
} as unknown as KubernetesObject

it("only its selector is written in another way", () => {
  const replicaSet = replicaSetOfController(controller)
  expect(replicaSet).toEqual({ ...controller, spec: { replicas: 2, selector: { matchLabels: { app: "web" } } } })
  expect(controllerOfReplicaSet(replicaSet)).toEqual(controller)
})

it("of one version it is the same one each time", () => {
  expect(replicaSetOfController(controller)).toBe(replicaSetOfController(controller))
  expect(replicaSetOfController({ ...controller })).not.toBe(replicaSetOfController(controller))
})

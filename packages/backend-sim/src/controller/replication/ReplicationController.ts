/** ReplicationControllers, kept by the controller of ReplicaSets through a conversion (`pkg/controller/replication/replication_controller.go`). */
import { controllerOfReplicaSet, replicaSetOfController } from "@kubereel/core"
import { type ControllerContext, controllerTools } from "../ControllerContext.ts"
import { ReplicaSetController, type ReplicaSetKind } from "../replicaset/ReplicaSetController.ts"

const replicationControllers: ReplicaSetKind = {
  kind: "ReplicationController",
  toReplicaSet: replicaSetOfController,
  fromReplicaSet: controllerOfReplicaSet,
  // Their status has no such field, and nobody made them wait for their caches.
  countsTerminating: false,
  isConsistent: false
}

export const startReplicationController = (context: ControllerContext): void => {
  new ReplicaSetController(controllerTools(context, "replication", "replication-controller"), replicationControllers)
}

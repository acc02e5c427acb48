/** The drivers of storage that a cluster has: their objects, and the processes that speak for them. */
import type { KubernetesObject, StorageDriver } from "@kubereel/core"
import { SharedInformers } from "../client/SharedInformers.ts"
import { type ControllerContext, controllerTools } from "../controller/ControllerContext.ts"
import { stream } from "../engine/Random.ts"
import { quantile } from "../profile/quantiles.ts"
import { ExternalAttacher } from "./ExternalAttacher.ts"
import { ExternalProvisioner } from "./ExternalProvisioner.ts"
import { ExternalResizer } from "./ExternalResizer.ts"

const csiNodeOf = (node: string, drivers: ReadonlyArray<StorageDriver>): KubernetesObject => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "CSINode",
  metadata: { name: node },
  spec: {
    drivers: drivers.map(({ name, topologyKeys, volumesPerNode }) => ({
      name,
      nodeID: node,
      topologyKeys,
      ...(volumesPerNode === undefined ? {} : { allocatable: { count: volumesPerNode } })
    }))
  }
})

/** Call it before there are nodes: each tells which drivers it has. */
export const startStorageDrivers = (
  context: Omit<ControllerContext, "informers">,
  drivers: ReadonlyArray<StorageDriver>
): void => {
  if (drivers.length === 0) return
  const { api, engine, profile, seed, store } = context
  const random = stream(seed, "csi/informers")
  const delay = () => quantile(profile.controllers.watch, random.next())
  const informers = new SharedInformers({ engine, store, entity: "csi/informers", delay })
  for (const driver of drivers) {
    const { attachRequired, name } = driver
    const tools = (sidecar: string, component: string) =>
      controllerTools({ ...context, informers }, `${sidecar}/${name}`, component)
    api.create({ apiVersion: "storage.k8s.io/v1", kind: "CSIDriver", metadata: { name }, spec: { attachRequired } }, "")
    new ExternalProvisioner(tools("external-provisioner", name), driver)
    new ExternalAttacher(tools("external-attacher", name), driver)
    new ExternalResizer(tools("external-resizer", `external-resizer ${name}`), driver)
  }
  store.watch((change, { kind, metadata }) => {
    if (kind !== "Node" || change === "MODIFIED") return
    engine.after("csi/nodes", 0, () =>
      change === "ADDED"
        ? api.create(csiNodeOf(metadata.name, drivers), "")
        : api.delete("CSINode", "", metadata.name, {})
    )
  })
}

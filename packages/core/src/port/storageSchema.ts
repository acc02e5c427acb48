/** The storage of a scenario's cluster, beside what its nodes have themselves. */
import { Schema } from "effect"
import { parseDuration } from "../event/duration.ts"
import type { StorageDriver } from "./Scenario.ts"
import { Duration, described, List, NotNegative } from "./schemaParts.ts"

const { String: Text, optionalKey: optional } = Schema

export const StorageSchema = Schema.Struct({
  driver: described(
    Text,
    "the name of a CSI driver that runs in the cluster and on all its nodes, such as pd.csi.storage.gke.io"
  ),
  provision: optional(described(Duration, "how long it takes to make a volume, or to destroy one; 2s if absent")),
  attach: optional(described(Duration, "how long it takes to attach a volume to a node; 2s if absent")),
  detach: optional(described(Duration, "how long it takes to detach it; 2s if absent")),
  expand: optional(described(Duration, "how long it takes to make a volume larger; 2s if absent")),
  nodeExpansion: optional(
    described(
      Schema.Boolean,
      "false: a volume that is larger needs nothing of the node that mounts it, as network shares; true if absent"
    )
  ),
  attachRequired: optional(
    described(
      Schema.Boolean,
      "false: nodes mount its volumes without attaching them, as network shares; true if absent"
    )
  ),
  volumesPerNode: optional(described(NotNegative, "how many of its volumes a node can have; any number if absent")),
  topologyKeys: optional(
    described(
      List(Text),
      "labels of nodes, such as topology.kubernetes.io/zone: a volume stays where they are the same"
    )
  ),
  provisionError: optional(described(Text, "what it says instead of making a volume")),
  attachError: optional(described(Text, "what it says instead of attaching one")),
  expandError: optional(described(Text, "what it says instead of making one larger"))
})

type StorageDocument = typeof StorageSchema.Type

const USUAL = "2s"
const micros = (text = USUAL): number => parseDuration(text) ?? 0

export const toStorage = (storage: StorageDocument): StorageDriver => ({
  name: storage.driver,
  provision: micros(storage.provision),
  attach: micros(storage.attach),
  detach: micros(storage.detach),
  expand: micros(storage.expand),
  nodeExpansion: storage.nodeExpansion ?? true,
  attachRequired: storage.attachRequired ?? true,
  volumesPerNode: storage.volumesPerNode,
  topologyKeys: storage.topologyKeys ?? [],
  provisionError: storage.provisionError,
  attachError: storage.attachError,
  expandError: storage.expandError
})

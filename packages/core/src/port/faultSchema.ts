/** A step that makes calls of a node's kubelet to its container runtime fail. */
import { Schema } from "effect"
import { Duration, described } from "./schemaParts.ts"

const { String: Text, optionalKey: optional } = Schema

const parts = "a message for RunPodSandbox and CreateContainer, none for Status, and a pod for the first two only"

export const FaultStep = Schema.Struct({
  node: Text,
  call: described(
    Schema.Literals(["RunPodSandbox", "CreateContainer", "NetworkReady", "Status"]),
    "the call that fails; NetworkReady: the runtime says that its network is not ready; Status: it does not say how it is"
  ),
  pod: optional(described(Text, "a glob over names of pods; all if absent")),
  message: optional(
    described(Text, "what the runtime says; of NetworkReady, that its CNI plugin is not initialized if absent")
  ),
  for: optional(described(Duration, "how long; to the end if absent"))
}).pipe(
  Schema.check(
    Schema.makeFilter(
      ({ call, message, pod }: { readonly call: string; readonly message?: string; readonly pod?: string }) =>
        call === "NetworkReady" || call === "Status"
          ? pod === undefined && (call === "NetworkReady" || message === undefined)
          : message !== undefined,
      { expected: parts }
    )
  )
)

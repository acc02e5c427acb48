/** What `kubereel record` is asked for. */
import type { Scope } from "@kubereel/backend-k8s"

export interface RecordInput {
  readonly out?: string
  readonly context?: string
  readonly kubeconfig?: string
  readonly for?: string
  readonly namespace?: string
  readonly selector?: string
  readonly resources: ReadonlyArray<string>
  readonly only: boolean
  readonly maxSize?: string
  readonly maxAge?: string
  readonly redact: boolean
  readonly redactKey?: string
  readonly printRbac: boolean
  readonly printManifest: boolean
  readonly image?: string
  /** Check while recording: `--law`, `--property` and `--param` are only asked for with it. */
  readonly check: boolean
  readonly laws: ReadonlyArray<string>
  readonly properties: ReadonlyArray<string>
  readonly params: ReadonlyArray<string>
  readonly json: boolean
}

export const scopeOf = ({ namespace, selector }: RecordInput): Scope => ({
  ...(namespace === undefined ? {} : { namespace }),
  ...(selector === undefined ? {} : { selector })
})

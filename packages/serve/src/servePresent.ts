/** A simulated cluster that lives, behind an address: the Kubernetes API over it, and its clock. */
import type { LivingCluster } from "@kubereel/core"
import { Versions } from "./http/Versions.ts"
import { kubeconfig } from "./kubeconfig.ts"
import { clockControl } from "./present/clockControl.ts"
import { Pacer, type PacerOptions } from "./present/Pacer.ts"
import { type Address, serveApi } from "./serveApi.ts"

export interface ServePresentOptions extends PacerOptions, Address {
  readonly cluster: LivingCluster
}

export interface ServedPresent {
  readonly port: number
  /** `https://127.0.0.1:1234` */
  readonly url: string
  readonly kubeconfig: string
  readonly pacer: Pacer
  readonly close: () => Promise<void>
}

/** The clock runs from the moment at which the server answers. */
export const servePresent = async ({ host, port, ...options }: ServePresentOptions): Promise<ServedPresent> => {
  const pacer = new Pacer(options)
  const cluster = new Versions(options.cluster)
  const route = async (path: string) => ({ cluster, path })
  const { certificate, close, token, ...served } = await serveApi(
    { host, port },
    { route, control: clockControl(pacer) }
  )
  pacer.start()
  const contexts = [{ name: "kubereel", server: served.url }]
  return {
    ...served,
    kubeconfig: kubeconfig({ contexts, namespace: "default", token, certificate }),
    pacer,
    close: async () => {
      await close()
      await pacer.close()
    }
  }
}

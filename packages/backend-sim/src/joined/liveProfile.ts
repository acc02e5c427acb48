/** A node's profile where the API server is a real one: requests and watches take the time that they take, nothing is drawn for them. */
import type { NodeProfile } from "../profile/NodeProfile.ts"
import { ms, nothing } from "../profile/quantiles.ts"

/** initializeModules until registerWithAPIServer: its first pause (`pkg/kubelet/kubelet_node_status.go`). */
const REGISTER = ms(100, 100, 100, 100)

export const liveProfile = (profile: NodeProfile): NodeProfile => ({
  ...profile,
  apiWrite: nothing,
  watch: nothing,
  podAdmission: nothing,
  statusPatch: nothing,
  eventWrite: nothing,
  nodeRegister: REGISTER
})

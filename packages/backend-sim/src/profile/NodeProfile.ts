/**
 * How long a node takes for what it does: data, measured from recordings of a real node (Kubernetes 1.36.3, containerd 2.3.7, two
 * cores, several scenarios at once). The simulator draws from it; its rules do not know any number.
 */
import { ms, nothing, type Quantiles } from "./quantiles.ts"
import { measuredNode } from "./rig.ts"

export interface NodeProfile {
  readonly name: string
  /** What the pod's cgroup reports as its memory limit when it has none (K-377). */
  readonly cgroup: "v1" | "v2"
  /** A client's write until the API server has stored it. */
  readonly apiWrite: Quantiles
  /** A stored version until a watcher acts upon it. */
  readonly watch: Quantiles
  /** The binding until the kubelet's worker reports its first status. */
  readonly podAdmission: Quantiles
  /** GET and PATCH of one pod's status. */
  readonly statusPatch: Quantiles
  /** One Event written by a component's sink. */
  readonly eventWrite: Quantiles
  /** Volumes requested until they are found mounted; a poll of 300 ms is part of it. */
  readonly volumeMount: Quantiles
  readonly sandboxCreate: Quantiles
  readonly sandboxStop: Quantiles
  /** The registry asked about an image that is present (policy Always). */
  readonly imageCheck: Quantiles
  /** A registry's refusal. */
  readonly imageRefused: Quantiles
  /** An image of the size that nobody declared, fetched and unpacked. */
  readonly imagePull: Quantiles
  /** The image is found present until the container is created. */
  readonly containerCreate: Quantiles
  readonly containerStart: Quantiles
  /** The process is forked until the Started Event's moment counts: the shell's own start. */
  readonly processStart: Quantiles
  /** A running container gets other resources. */
  readonly containerUpdate: Quantiles
  /** A command executed in a container, beside the time that it takes itself. */
  readonly exec: Quantiles
  /** An HTTP hook's request: the pod's address asked of the runtime, the connection. */
  readonly httpHook: Quantiles
  /** StopContainer called until the signal arrives; also SIGKILL until the exit is reaped. */
  readonly signal: Quantiles
  /** A connection to a pod and an answer over it, beside the time that the answer takes. */
  readonly connect: Quantiles
  /** kube-proxy writes its rules: from the beginning of a run until they are in force. */
  readonly serviceRules: Quantiles
  /** How often a probe that is asked for at once looks before the status that asked for it is stored. */
  readonly probeTooEarly: number
  /** One relist of all pods; the next one starts a second after its end. */
  readonly relist: Quantiles
  /** The relist of one pod on demand. */
  readonly podRelist: Quantiles
  /** Containers gone until the pod's volumes are unmounted and its directories removed. */
  readonly volumeUnmount: Quantiles
  /** Removing the pod's cgroup and what else is left of it. */
  readonly podCleanup: Quantiles
  /** The kubelet's process is executed until it looks for its pods for the first time. */
  readonly kubeletStart: Quantiles
  /** From then until it has registered its node again and written its status; a pause of 100 ms is part of it. */
  readonly nodeRegister: Quantiles
  /** A service manager's pause between stop and start of a restart. */
  readonly kubeletRestart: Quantiles
  /** Nothing holds a shutdown up any more until the kubelet's process has ended. */
  readonly powerOff: Quantiles
  /** Power comes back until the container runtime is up and the kubelet is executed. */
  readonly boot: Quantiles
}

/** The node of the shipped recordings: what `kubereel calibrate` says of them, and for the rest what fits them. */
export const rigProfile: NodeProfile = {
  name: "rig",
  cgroup: "v1",
  ...measuredNode,
  apiWrite: ms(3, 6, 20, 40),
  volumeMount: ms(300, 302, 310, 320),
  imagePull: ms(120, 220, 600, 1_500),
  processStart: ms(4, 10, 30, 60),
  containerUpdate: ms(3, 8, 20, 40),
  httpHook: ms(3, 9, 25, 45),
  signal: ms(2, 6, 20, 40),
  connect: ms(0.5, 1, 4, 10),
  serviceRules: ms(10, 25, 80, 200),
  probeTooEarly: 0.13,
  relist: ms(4, 8, 20, 40),
  podRelist: ms(1, 3, 8, 15),
  volumeUnmount: ms(60, 150, 260, 400),
  podCleanup: ms(2, 5, 15, 30),
  kubeletStart: ms(235, 245, 250, 260),
  nodeRegister: ms(100, 195, 225, 240),
  kubeletRestart: ms(302, 303, 306, 307),
  powerOff: ms(20, 50, 150, 400),
  boot: ms(10_000, 15_000, 25_000, 40_000)
}

/** A node that takes no time at all; what is left is Kubernetes' own waiting (ticks, polls, back-offs). */
export const zeroProfile: NodeProfile = {
  name: "zero",
  cgroup: "v2",
  apiWrite: nothing,
  watch: nothing,
  podAdmission: nothing,
  statusPatch: nothing,
  eventWrite: nothing,
  volumeMount: nothing,
  sandboxCreate: nothing,
  sandboxStop: nothing,
  imageCheck: nothing,
  imageRefused: nothing,
  imagePull: nothing,
  containerCreate: nothing,
  containerStart: nothing,
  processStart: nothing,
  exec: nothing,
  httpHook: nothing,
  signal: nothing,
  containerUpdate: nothing,
  connect: nothing,
  serviceRules: nothing,
  probeTooEarly: 0,
  relist: nothing,
  podRelist: nothing,
  volumeUnmount: nothing,
  podCleanup: nothing,
  kubeletStart: nothing,
  nodeRegister: nothing,
  kubeletRestart: nothing,
  powerOff: nothing,
  boot: nothing
}

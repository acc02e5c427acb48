/**
 * What an API server makes when it starts: how pods find it, which is the Service `kubernetes` and where it leads, and which addresses Services have
 * (`pkg/controlplane/controller/{kubernetesservice,defaultservicecidr}`, `pkg/controlplane/reconcilers/{lease,endpointsadapter}.go`).
 */
import {
  apiResource,
  createManagedFields,
  type Instant,
  type JsonObject,
  KUBERNETES_ADDRESS,
  type KubernetesObject,
  SERVICE_CIDR,
  toTime
} from "@kubereel/core"
import { LOOPBACK } from "../apiserver/Admission.ts"
import type { Store } from "../apiserver/Store.ts"
import { stream } from "../engine/Random.ts"

/** Beside the nodes, which are 10.89.0.1 and so on. */
const SERVER = "10.89.255.254"
const PORT = 6_443
const NAME = "kubernetes"
const NAMESPACE = "default"

const service: JsonObject = {
  kind: "Service",
  apiVersion: "v1",
  metadata: { labels: { component: "apiserver", provider: "kubernetes" } },
  spec: {
    ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: PORT }],
    clusterIP: KUBERNETES_ADDRESS,
    clusterIPs: [KUBERNETES_ADDRESS],
    type: "ClusterIP",
    sessionAffinity: "None",
    ipFamilies: ["IPv4"],
    ipFamilyPolicy: "SingleStack",
    internalTrafficPolicy: "Cluster"
  },
  status: { loadBalancer: {} }
}

const endpoints: JsonObject = {
  kind: "Endpoints",
  apiVersion: "v1",
  metadata: { labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
  subsets: [{ addresses: [{ ip: SERVER }], ports: [{ name: "https", port: PORT, protocol: "TCP" }] }]
}

const slice: JsonObject = {
  kind: "EndpointSlice",
  apiVersion: "discovery.k8s.io/v1",
  metadata: { generation: 1, labels: { "kubernetes.io/service-name": NAME } },
  addressType: "IPv4",
  endpoints: [{ addresses: [SERVER], conditions: { ready: true } }],
  ports: [{ name: "https", protocol: "TCP", port: PORT }]
}

/** The default ServiceCIDR, as `--service-cluster-ip-range` has it. */
const addresses = (now: Instant): JsonObject => ({
  kind: "ServiceCIDR",
  apiVersion: "networking.k8s.io/v1",
  spec: { cidrs: [SERVICE_CIDR] },
  status: {
    conditions: [
      {
        type: "Ready",
        status: "True",
        lastTransitionTime: toTime(now),
        reason: "",
        message: "Kubernetes default Service CIDR is ready"
      }
    ]
  }
})

export const makeKubernetesService = (store: Store, seed: number, now: Instant): void => {
  const random = stream(seed, "apiserver/kubernetes")
  for (const made of [service, endpoints, slice, addresses(now)]) {
    const within = apiResource(String(made["kind"])).namespaced ? { namespace: NAMESPACE } : {}
    const metadata = {
      ...(made["metadata"] as JsonObject | undefined),
      ...{ name: NAME, ...within, uid: random.uuid(), resourceVersion: store.nextVersion() },
      creationTimestamp: toTime(now)
    }
    const object = { ...made, metadata } as unknown as KubernetesObject
    const writer = { manager: LOOPBACK, apiVersion: object.apiVersion, subresource: "", now }
    store.create(object, createManagedFields(object, object, writer))
  }
}

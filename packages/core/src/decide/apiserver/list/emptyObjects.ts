/**
 * What Kubernetes' kinds have where nothing is known of an object: the values that their types do not leave out (C-036).
 * By `apiVersion/kind`; kinds that are not here have nothing. Held against Kubernetes' own in `test/decide/apiserver/list/bookmark.test.ts`.
 */
import type { JsonObject } from "../../../event/Json.ts"

const podTemplate: JsonObject = { metadata: {}, spec: { containers: null } }

export const emptyObjects: { readonly [kind: string]: JsonObject } = {
  "admissionregistration.k8s.io/v1/MutatingAdmissionPolicy": { spec: {} },
  "admissionregistration.k8s.io/v1/MutatingAdmissionPolicyBinding": { spec: {} },
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy": { spec: {}, status: {} },
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding": { spec: {} },
  "admissionregistration.k8s.io/v1beta1/MutatingAdmissionPolicy": { spec: {} },
  "admissionregistration.k8s.io/v1beta1/MutatingAdmissionPolicyBinding": { spec: {} },
  "apps/v1/ControllerRevision": { data: null, revision: 0 },
  "apps/v1/DaemonSet": {
    spec: { selector: null, template: podTemplate, updateStrategy: {} },
    status: { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }
  },
  "apps/v1/Deployment": { spec: { replicas: 0, selector: null, template: podTemplate, strategy: {} }, status: {} },
  "apps/v1/ReplicaSet": { spec: { replicas: 0, selector: null, template: podTemplate }, status: { replicas: 0 } },
  "apps/v1/StatefulSet": {
    spec: { replicas: 0, selector: null, template: podTemplate, serviceName: "", updateStrategy: {} },
    status: { replicas: 0, availableReplicas: 0 }
  },
  "autoscaling/v1/HorizontalPodAutoscaler": {
    spec: { scaleTargetRef: { kind: "", name: "" }, maxReplicas: 0 },
    status: { currentReplicas: 0, desiredReplicas: 0 }
  },
  "autoscaling/v2/HorizontalPodAutoscaler": {
    spec: { scaleTargetRef: { kind: "", name: "" }, maxReplicas: 0 },
    status: { desiredReplicas: 0, currentMetrics: null }
  },
  "batch/v1/CronJob": {
    spec: { schedule: "", jobTemplate: { metadata: {}, spec: { template: podTemplate } } },
    status: {}
  },
  "batch/v1/Job": { spec: { template: podTemplate }, status: {} },
  "certificates.k8s.io/v1/CertificateSigningRequest": { spec: { request: null, signerName: "" }, status: {} },
  "certificates.k8s.io/v1alpha1/ClusterTrustBundle": { spec: { trustBundle: "" } },
  "certificates.k8s.io/v1beta1/ClusterTrustBundle": { spec: { trustBundle: "" } },
  "certificates.k8s.io/v1beta1/PodCertificateRequest": {
    spec: {
      signerName: "",
      podName: "",
      podUID: "",
      serviceAccountName: "",
      serviceAccountUID: "",
      nodeName: "",
      nodeUID: "",
      pkixPublicKey: null,
      proofOfPossession: null,
      stubPKCS10Request: null
    },
    status: {}
  },
  "coordination.k8s.io/v1/Lease": { spec: {} },
  "coordination.k8s.io/v1alpha2/LeaseCandidate": { spec: { leaseName: "", binaryVersion: "" } },
  "coordination.k8s.io/v1beta1/LeaseCandidate": { spec: { leaseName: "", binaryVersion: "" } },
  "discovery.k8s.io/v1/EndpointSlice": { addressType: "", endpoints: null, ports: null },
  "events.k8s.io/v1/Event": {
    eventTime: null,
    regarding: {},
    deprecatedSource: {},
    deprecatedFirstTimestamp: null,
    deprecatedLastTimestamp: null
  },
  "flowcontrol.apiserver.k8s.io/v1/FlowSchema": {
    spec: { priorityLevelConfiguration: { name: "" }, matchingPrecedence: 0 },
    status: {}
  },
  "flowcontrol.apiserver.k8s.io/v1/PriorityLevelConfiguration": { spec: { type: "" }, status: {} },
  "internal.apiserver.k8s.io/v1alpha1/StorageVersion": { spec: {}, status: {} },
  "networking.k8s.io/v1/IPAddress": { spec: {} },
  "networking.k8s.io/v1/Ingress": { spec: {}, status: { loadBalancer: {} } },
  "networking.k8s.io/v1/IngressClass": { spec: {} },
  "networking.k8s.io/v1/NetworkPolicy": { spec: { podSelector: {} } },
  "networking.k8s.io/v1/ServiceCIDR": { spec: {}, status: {} },
  "node.k8s.io/v1/RuntimeClass": { handler: "" },
  "policy/v1/PodDisruptionBudget": {
    spec: {},
    status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
  },
  "rbac.authorization.k8s.io/v1/ClusterRole": { rules: null },
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": { roleRef: { apiGroup: "", kind: "", name: "" } },
  "rbac.authorization.k8s.io/v1/Role": { rules: null },
  "rbac.authorization.k8s.io/v1/RoleBinding": { roleRef: { apiGroup: "", kind: "", name: "" } },
  "resource.k8s.io/v1/DeviceClass": { spec: {} },
  "resource.k8s.io/v1/ResourceClaim": { spec: { devices: { requests: null } }, status: {} },
  "resource.k8s.io/v1/ResourceClaimTemplate": { spec: { metadata: {}, spec: { devices: { requests: null } } } },
  "resource.k8s.io/v1/ResourceSlice": {
    spec: { driver: "", pool: { name: "", generation: 0, resourceSliceCount: 0 } }
  },
  "resource.k8s.io/v1alpha3/DeviceTaintRule": { spec: { taint: { key: "", effect: "" } }, status: {} },
  "resource.k8s.io/v1alpha3/ResourcePoolStatusRequest": { spec: { driver: "" } },
  "resource.k8s.io/v1beta1/DeviceClass": { spec: {} },
  "resource.k8s.io/v1beta1/ResourceClaim": { spec: { devices: { requests: null } }, status: {} },
  "resource.k8s.io/v1beta1/ResourceClaimTemplate": { spec: { metadata: {}, spec: { devices: { requests: null } } } },
  "resource.k8s.io/v1beta1/ResourceSlice": {
    spec: { driver: "", pool: { name: "", generation: 0, resourceSliceCount: 0 } }
  },
  "resource.k8s.io/v1beta2/DeviceClass": { spec: {} },
  "resource.k8s.io/v1beta2/DeviceTaintRule": { spec: { taint: { key: "", effect: "" } }, status: {} },
  "resource.k8s.io/v1beta2/ResourceClaim": { spec: { devices: { requests: null } }, status: {} },
  "resource.k8s.io/v1beta2/ResourceClaimTemplate": { spec: { metadata: {}, spec: { devices: { requests: null } } } },
  "resource.k8s.io/v1beta2/ResourceSlice": {
    spec: { driver: "", pool: { name: "", generation: 0, resourceSliceCount: 0 } }
  },
  "scheduling.k8s.io/v1/PriorityClass": { value: 0 },
  "scheduling.k8s.io/v1alpha2/PodGroup": { spec: { podGroupTemplateRef: null, schedulingPolicy: {} }, status: {} },
  "scheduling.k8s.io/v1alpha2/Workload": { spec: { podGroupTemplates: null } },
  "storage.k8s.io/v1/CSIDriver": { spec: {} },
  "storage.k8s.io/v1/CSINode": { spec: { drivers: null } },
  "storage.k8s.io/v1/CSIStorageCapacity": { storageClassName: "" },
  "storage.k8s.io/v1/StorageClass": { provisioner: "" },
  "storage.k8s.io/v1/VolumeAttachment": {
    spec: { attacher: "", source: {}, nodeName: "" },
    status: { attached: false }
  },
  "storage.k8s.io/v1/VolumeAttributesClass": { driverName: "" },
  "storagemigration.k8s.io/v1beta1/StorageVersionMigration": {
    spec: { resource: { group: "", resource: "" } },
    status: {}
  },
  "v1/Event": {
    involvedObject: {},
    source: {},
    firstTimestamp: null,
    lastTimestamp: null,
    eventTime: null,
    reportingComponent: "",
    reportingInstance: ""
  },
  "v1/LimitRange": { spec: { limits: null } },
  "v1/Namespace": { spec: {}, status: {} },
  "v1/Node": {
    spec: {},
    status: {
      daemonEndpoints: { kubeletEndpoint: { Port: 0 } },
      nodeInfo: {
        machineID: "",
        systemUUID: "",
        bootID: "",
        kernelVersion: "",
        osImage: "",
        containerRuntimeVersion: "",
        kubeletVersion: "",
        kubeProxyVersion: "",
        operatingSystem: "",
        architecture: ""
      }
    }
  },
  "v1/PersistentVolume": { spec: {}, status: {} },
  "v1/PersistentVolumeClaim": { spec: { resources: {} }, status: {} },
  "v1/Pod": { spec: { containers: null }, status: {} },
  "v1/PodTemplate": { template: podTemplate },
  "v1/ReplicationController": { spec: {}, status: { replicas: 0 } },
  "v1/ResourceQuota": { spec: {}, status: {} },
  "v1/Service": { spec: {}, status: { loadBalancer: {} } }
}

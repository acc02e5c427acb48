/** The API server's tables: which printer prints which kind (`AddHandlers`, pkg/printers/internalversion/printers.go, Kubernetes 1.36). */

import type { JsonObject } from "../../event/Json.ts"
import { printMutatingAdmissionPolicy } from "./admissionregistration/mutatingAdmissionPolicy.ts"
import { printMutatingAdmissionPolicyBinding } from "./admissionregistration/mutatingAdmissionPolicyBinding.ts"
import { printValidatingAdmissionPolicy } from "./admissionregistration/validatingAdmissionPolicy.ts"
import { printValidatingAdmissionPolicyBinding } from "./admissionregistration/validatingAdmissionPolicyBinding.ts"
import { printWebhookConfiguration } from "./admissionregistration/webhookConfiguration.ts"
import { printAPIService } from "./apiregistration/apiService.ts"
import { printStorageVersion } from "./apiserverinternal/storageVersion.ts"
import { printControllerRevision } from "./apps/controllerRevision.ts"
import { printDaemonSet } from "./apps/daemonSet.ts"
import { printDeployment } from "./apps/deployment.ts"
import { printReplicaSet } from "./apps/replicaSet.ts"
import { printStatefulSet } from "./apps/statefulSet.ts"
import { printHorizontalPodAutoscaler, printOldHorizontalPodAutoscaler } from "./autoscaling/horizontalPodAutoscaler.ts"
import { printScale } from "./autoscaling/scale.ts"
import { printCronJob } from "./batch/cronJob.ts"
import { printJob } from "./batch/job.ts"
import { printCertificateSigningRequest } from "./certificates/certificateSigningRequest.ts"
import { printClusterTrustBundle } from "./certificates/clusterTrustBundle.ts"
import { printPodCertificateRequest } from "./certificates/podCertificateRequest.ts"
import { printLease } from "./coordination/lease.ts"
import { printLeaseCandidate } from "./coordination/leaseCandidate.ts"
import { printComponentStatus } from "./core/componentStatus.ts"
import { printConfigMap } from "./core/configMap.ts"
import { printEndpoints } from "./core/endpoints.ts"
import { printEvent, printNewEvent } from "./core/event.ts"
import { printNamespace } from "./core/namespace.ts"
import { printNode } from "./core/node.ts"
import { printPersistentVolume } from "./core/persistentVolume.ts"
import { printPersistentVolumeClaim } from "./core/persistentVolumeClaim.ts"
import { printPod } from "./core/pod.ts"
import { printPodTemplate } from "./core/podTemplate.ts"
import { printReplicationController } from "./core/replicationController.ts"
import { printResourceQuota } from "./core/resourceQuota.ts"
import { printSecret } from "./core/secret.ts"
import { printService } from "./core/service.ts"
import { printServiceAccount } from "./core/serviceAccount.ts"
import { customPrinter } from "./custom/customPrinter.ts"
import { defaultPrinter } from "./defaultPrinter.ts"
import { printEndpointSlice } from "./discovery/endpointSlice.ts"
import { printFlowSchema } from "./flowcontrol/flowSchema.ts"
import { printPriorityLevelConfiguration } from "./flowcontrol/priorityLevelConfiguration.ts"
import { printStatus } from "./meta/status.ts"
import { printIngress } from "./networking/ingress.ts"
import { printIngressClass } from "./networking/ingressClass.ts"
import { printIPAddress } from "./networking/ipAddress.ts"
import { printNetworkPolicy } from "./networking/networkPolicy.ts"
import { printServiceCIDR } from "./networking/serviceCIDR.ts"
import { printRuntimeClass } from "./node/runtimeClass.ts"
import { printPodDisruptionBudget } from "./policy/podDisruptionBudget.ts"
import { printClusterRoleBinding } from "./rbac/clusterRoleBinding.ts"
import { printRoleBinding } from "./rbac/roleBinding.ts"
import { printDeviceClass } from "./resource/deviceClass.ts"
import { printDeviceTaint } from "./resource/deviceTaintRule.ts"
import { printResourceClaim } from "./resource/resourceClaim.ts"
import { printResourceClaimTemplate } from "./resource/resourceClaimTemplate.ts"
import { printResourcePoolStatusRequest } from "./resource/resourcePoolStatusRequest.ts"
import { printResourceSlice } from "./resource/resourceSlice.ts"
import { printPodGroup } from "./scheduling/podGroup.ts"
import { printPriorityClass } from "./scheduling/priorityClass.ts"
import { printWorkload } from "./scheduling/workload.ts"
import { printCSIDriver } from "./storage/csiDriver.ts"
import { printCSINode } from "./storage/csiNode.ts"
import { printStorageClass } from "./storage/storageClass.ts"
import { printVolumeAttachment } from "./storage/volumeAttachment.ts"
import { printVolumeAttributesClass } from "./storage/volumeAttributesClass.ts"
import { printStorageVersionMigration } from "./storagemigration/storageVersionMigration.ts"
import type { TablePrinter } from "./TablePrinter.ts"

export type { TableColumn, TablePrinter, TableRow } from "./TablePrinter.ts"

/** Which kind is printed; the version counts only where versions differ. */
export interface PrintedKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** By `group/kind`, or with the version between where versions differ. */
const printers: { readonly [kind: string]: TablePrinter } = {
  "/ComponentStatus": printComponentStatus,
  "/ConfigMap": printConfigMap,
  "/Endpoints": printEndpoints,
  "/Event": printEvent,
  "/Namespace": printNamespace,
  "/Node": printNode,
  "/PersistentVolume": printPersistentVolume,
  "/PersistentVolumeClaim": printPersistentVolumeClaim,
  "/Pod": printPod,
  "/PodTemplate": printPodTemplate,
  "/ReplicationController": printReplicationController,
  "/ResourceQuota": printResourceQuota,
  "/Secret": printSecret,
  "/Service": printService,
  "/ServiceAccount": printServiceAccount,
  "/Status": printStatus,
  "admissionregistration.k8s.io/MutatingAdmissionPolicy": printMutatingAdmissionPolicy,
  "admissionregistration.k8s.io/MutatingAdmissionPolicyBinding": printMutatingAdmissionPolicyBinding,
  "admissionregistration.k8s.io/MutatingWebhookConfiguration": printWebhookConfiguration,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicy": printValidatingAdmissionPolicy,
  "admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding": printValidatingAdmissionPolicyBinding,
  "admissionregistration.k8s.io/ValidatingWebhookConfiguration": printWebhookConfiguration,
  "apiregistration.k8s.io/APIService": printAPIService,
  "apps/ControllerRevision": printControllerRevision,
  "apps/DaemonSet": printDaemonSet,
  "apps/Deployment": printDeployment,
  "apps/ReplicaSet": printReplicaSet,
  "apps/StatefulSet": printStatefulSet,
  "autoscaling/HorizontalPodAutoscaler": printHorizontalPodAutoscaler,
  "autoscaling/v1/HorizontalPodAutoscaler": printOldHorizontalPodAutoscaler,
  "autoscaling/Scale": printScale,
  "batch/CronJob": printCronJob,
  "batch/Job": printJob,
  "certificates.k8s.io/CertificateSigningRequest": printCertificateSigningRequest,
  "certificates.k8s.io/ClusterTrustBundle": printClusterTrustBundle,
  "certificates.k8s.io/PodCertificateRequest": printPodCertificateRequest,
  "coordination.k8s.io/Lease": printLease,
  "coordination.k8s.io/LeaseCandidate": printLeaseCandidate,
  "discovery.k8s.io/EndpointSlice": printEndpointSlice,
  "events.k8s.io/Event": printNewEvent,
  "flowcontrol.apiserver.k8s.io/FlowSchema": printFlowSchema,
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration": printPriorityLevelConfiguration,
  "internal.apiserver.k8s.io/StorageVersion": printStorageVersion,
  "networking.k8s.io/IPAddress": printIPAddress,
  "networking.k8s.io/Ingress": printIngress,
  "networking.k8s.io/IngressClass": printIngressClass,
  "networking.k8s.io/NetworkPolicy": printNetworkPolicy,
  "networking.k8s.io/ServiceCIDR": printServiceCIDR,
  "node.k8s.io/RuntimeClass": printRuntimeClass,
  "policy/PodDisruptionBudget": printPodDisruptionBudget,
  "rbac.authorization.k8s.io/ClusterRoleBinding": printClusterRoleBinding,
  "rbac.authorization.k8s.io/RoleBinding": printRoleBinding,
  "resource.k8s.io/DeviceClass": printDeviceClass,
  "resource.k8s.io/DeviceTaintRule": printDeviceTaint,
  "resource.k8s.io/ResourceClaim": printResourceClaim,
  "resource.k8s.io/ResourceClaimTemplate": printResourceClaimTemplate,
  "resource.k8s.io/ResourcePoolStatusRequest": printResourcePoolStatusRequest,
  "resource.k8s.io/ResourceSlice": printResourceSlice,
  "scheduling.k8s.io/PodGroup": printPodGroup,
  "scheduling.k8s.io/PriorityClass": printPriorityClass,
  "scheduling.k8s.io/Workload": printWorkload,
  "storage.k8s.io/CSIDriver": printCSIDriver,
  "storage.k8s.io/CSINode": printCSINode,
  "storage.k8s.io/StorageClass": printStorageClass,
  "storage.k8s.io/VolumeAttachment": printVolumeAttachment,
  "storage.k8s.io/VolumeAttributesClass": printVolumeAttributesClass,
  "storagemigration.k8s.io/StorageVersionMigration": printStorageVersionMigration
}

/**
 * The printer of a kind. `crd`: the entry of the version in the CustomResourceDefinition, for a kind that has one; without columns
 * of its own a custom resource shows its age. Other kinds that Kubernetes has no printer for show when they were created.
 */
export const tablePrinter = ({ group, kind, version }: PrintedKind, crd?: JsonObject): TablePrinter => {
  if (crd !== undefined) return customPrinter(crd)
  const found = [`${group}/${version}/${kind}`, `${group}/${kind}`].find((key) => Object.hasOwn(printers, key))
  return found === undefined ? defaultPrinter : (printers[found] as TablePrinter)
}

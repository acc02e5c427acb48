/** APIServices as rows (`ConvertToTable`, k8s.io/kube-aggregator/pkg/registry/apiservice/etcd/etcd.go). */
import { isJsonObject } from "../../../event/Json.ts"
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { age, itemsAt, nameOf, specOf, statusOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Service", "The reference to the service that hosts this API endpoint."),
  column("Available", "Whether this service is available."),
  ageColumn
]

export const printAPIService = printer(columns, (apiService, now) => [
  nameOf(apiService),
  serviceCell(apiService),
  availableCell(apiService),
  age(apiService, now)
])

const serviceCell = (apiService: KubernetesObject): string => {
  const { service } = specOf(apiService)
  return isJsonObject(service) ? `${textAt(service, "namespace")}/${textAt(service, "name")}` : "Local"
}

const availableCell = (apiService: KubernetesObject): string => {
  const available = itemsAt(statusOf(apiService), "conditions").find(({ type }) => type === "Available")
  if (available === undefined) return "Unknown"
  const [status, reason] = [textAt(available, "status"), textAt(available, "reason")]
  return status === "True" || reason === "" ? status : `${status} (${reason})`
}

/** ControllerRevisions as rows (`printControllerRevision`, pkg/printers/internalversion/printers.go). */
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { age, itemsAt, nameOf, numberAt, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Controller", "Controller of the object"),
  column("Revision", "Revision indicates the revision of the state represented by Data."),
  ageColumn
]

export const printControllerRevision = printer(columns, (revision, now) => [
  nameOf(revision),
  controllerCell(revision),
  numberAt(revision, "revision"),
  age(revision, now)
])

/** `formatResourceName`: `statefulset.apps/web` */
const controllerCell = (revision: KubernetesObject): string => {
  const owner = itemsAt(revision.metadata, "ownerReferences").find(({ controller }) => controller === true)
  if (owner === undefined) return "<none>"
  const [kind, version] = [textAt(owner, "kind").toLowerCase(), textAt(owner, "apiVersion")]
  const group = version.includes("/") ? version.slice(0, version.indexOf("/")) : ""
  const resource = group === "" ? kind : `${kind}.${group}`
  return resource === "" ? textAt(owner, "name") : `${resource}/${textAt(owner, "name")}`
}

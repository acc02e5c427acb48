/** Cells that bindings of roles share (`rbac.SubjectsStrings`, pkg/apis/rbac/helpers.go). */
import type { KubernetesObject } from "../../../event/KubernetesObject.ts"
import { at, itemsAt, textAt } from "../cells.ts"

export const roleCell = (binding: KubernetesObject): string => {
  const role = at(binding, "roleRef")
  return `${textAt(role, "kind")}/${textAt(role, "name")}`
}

/** Users, groups, service accounts. */
export const subjectCells = (binding: KubernetesObject): ReadonlyArray<string> => {
  const subjects = itemsAt(binding, "subjects")
  const names = (wanted: string, named: (subject: (typeof subjects)[number]) => string): string =>
    subjects
      .filter(({ kind }) => kind === wanted)
      .map(named)
      .join(", ")
  return [
    names("User", (subject) => textAt(subject, "name")),
    names("Group", (subject) => textAt(subject, "name")),
    names("ServiceAccount", (subject) => `${textAt(subject, "namespace")}/${textAt(subject, "name")}`)
  ]
}

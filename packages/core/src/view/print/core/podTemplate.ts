/** PodTemplates as rows (`printPodTemplate`, pkg/printers/internalversion/printers.go). */
import { at, containerCells, formatLabels, nameOf, specOf } from "../cells.ts"
import { column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Containers", "Names of each container in the template."),
  column("Images", "Images referenced by each container in the template."),
  column("Pod Labels", "The labels for the pod template.")
]

export const printPodTemplate = printer(columns, (template) => {
  const pod = at(template, "template")
  return [nameOf(template), ...containerCells(specOf(pod)), formatLabels(at(at(pod, "metadata"), "labels"))]
})

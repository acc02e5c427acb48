/** VolumeAttachments as rows (`printVolumeAttachment`, pkg/printers/internalversion/printers.go). */
import { age, at, nameOf, specOf, statusOf, textAt } from "../cells.ts"
import { ageColumn, column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  {
    ...column(
      "Attacher",
      "attacher indicates the name of the volume driver that MUST handle this request. This is the name returned by GetPluginName()."
    ),
    format: "name"
  },
  column("PV", "persistentVolumeName represents the name of the persistent volume to attach."),
  column("Node", "nodeName represents the node that the volume should be attached to."),
  column(
    "Attached",
    "attached indicates the volume is successfully attached. This field must only be set by the entity completing the attach operation, i.e. the external-attacher.",
    "boolean"
  ),
  ageColumn
]

export const printVolumeAttachment = printer(columns, (attachment, now) => {
  const spec = specOf(attachment)
  return [
    nameOf(attachment),
    textAt(spec, "attacher"),
    textAt(at(spec, "source"), "persistentVolumeName"),
    textAt(spec, "nodeName"),
    statusOf(attachment)["attached"] === true,
    age(attachment, now)
  ]
})

/** ResourcePoolStatusRequests as rows (`printResourcePoolStatusRequest`, pkg/printers/internalversion/printers.go). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import { itemsAt, nameOf, numberAt, since, specOf, textAt } from "../cells.ts"
import { column, nameColumn, printer } from "../TablePrinter.ts"

const columns = [
  nameColumn,
  column("Driver", "The driver to query pools for."),
  column("Total", "Total number of devices across all pools."),
  column("Available", "Number of available devices across all pools."),
  column("Allocated", "Number of allocated devices across all pools."),
  column("Unavailable", "Number of unavailable devices across all pools."),
  column("Errors", "Number of pools with validation errors."),
  column("Pools", "Total number of matching pools.", "integer"),
  column("Status", "Processing status."),
  column("Completed", "Time since the observation completed.")
]

export const printResourcePoolStatusRequest = printer(columns, (request, now) => {
  const { status } = request
  const driver = textAt(specOf(request), "driver")
  if (!isJsonObject(status)) return [nameOf(request), driver, ...unknown, 0, "Pending", "<none>"]
  const ended = itemsAt(status, "conditions").find(
    (condition) =>
      (condition["type"] === "Complete" || condition["type"] === "Failed") && condition["status"] === "True"
  )
  const isComplete = ended?.["type"] === "Complete"
  const [pools, count] = [itemsAt(status, "pools"), numberAt(status, "poolCount")]
  const state = ended === undefined ? "Pending" : textAt(ended, "type")
  return [
    nameOf(request),
    driver,
    ...(state === "Failed" ? unknown : totals(pools)),
    count,
    isComplete && count > pools.length ? `Complete (${pools.length}/${count} pools)` : state,
    isComplete ? since(ended["lastTransitionTime"], now) : "<none>"
  ]
})

const unknown = ["-", "-", "-", "-", "-"]

/** Devices in all, available, allocated, unavailable; pools with an error. */
const totals = (pools: ReadonlyArray<JsonObject>): ReadonlyArray<string> => {
  const sum = (key: string) => `${pools.reduce((total, pool) => total + numberAt(pool, key), 0)}`
  const errors = pools.filter(({ validationError }) => typeof validationError === "string").length
  return [...["totalDevices", "availableDevices", "allocatedDevices", "unavailableDevices"].map(sum), `${errors}`]
}

/** What an Event says, whichever group of the API told it. */
import { isJsonObject, type JsonObject } from "../../event/Json.ts"
import type { Change } from "../slice/World.ts"

export interface Told {
  readonly reason: string
  readonly message: string
  /** As in `spec.containers{main}`. */
  readonly fieldPath: string
}

/** The Event that the change is the first or another version of. */
export const toldBy = ({ isDeleted, object }: Change): Told | undefined => {
  if (object.kind !== "Event" || isDeleted) return undefined
  const { involvedObject, message, note, reason, regarding } = object
  const about: JsonObject | undefined = [involvedObject, regarding].find(isJsonObject)
  return { reason: String(reason), message: String(message ?? note ?? ""), fieldPath: String(about?.fieldPath ?? "") }
}

const killing = /^(?:C|Init c)ontainer (\S+) failed (\w+) probe/

/** Which container the kubelet kills for which probe. */
export const killedForProbe = (change: Change): { readonly container: string; readonly probe: string } | undefined => {
  if (change.object.kind !== "Event" || change.object.reason !== "Killing") return undefined
  const [, container, probe] = killing.exec(toldBy(change)?.message ?? "") ?? []
  return container === undefined || probe === undefined ? undefined : { container, probe }
}

/** What one version of an object says, as named fields: what histories are aligned by, and what else is compared. */
import { canonical, type Json } from "../../event/Json.ts"

export type Fields = ReadonlyMap<string, string>

export interface Shape {
  /** What people mean by the object's state: phase, conditions, containers, replicas. Two histories are aligned by it. */
  readonly state: Fields
  /** What else the object says of itself and is compared: labels, resources, generations. */
  readonly detail: Fields
  /** What was asked for. The same object for equal specs of one history. */
  readonly spec: Fields
  /** Something of it failed and is tried again after a random back-off. */
  readonly retrying: boolean
}

export const empty: Fields = new Map()

/** The object is gone from the API. */
export const gone: Shape = { state: new Map([["object", "gone"]]), detail: empty, spec: empty, retrying: false }

export const isGone = (shape: Shape): boolean => shape.state.get("object") === "gone"

/** Adds a field unless there is nothing to say. */
export const put = (fields: Map<string, string>, path: string, value: Json | undefined): void => {
  if (value !== undefined && value !== null) fields.set(path, typeof value === "string" ? value : canonical(value))
}

/** Of which versions of Kubernetes a property speaks. */
import type { Property } from "./language/Property.ts"

const minorOf = (version: string): number => {
  const [major = "0", minor = "0"] = version.replace(/^v/, "").split(".")
  return Number.parseInt(major, 10) * 1_000 + Number.parseInt(minor, 10)
}

/** Why the property does not speak of that version; `undefined`: it does, or the version is not known. */
export const isOf = ({ since, until }: Property, kubernetes: string | undefined): string | undefined => {
  if (kubernetes === undefined) return undefined
  const version = minorOf(kubernetes)
  if (since !== undefined && version < minorOf(since))
    return `speaks of Kubernetes ${since} and later, this is ${kubernetes}`
  if (until !== undefined && version >= minorOf(until)) {
    return `speaks of Kubernetes before ${until}, this is ${kubernetes}`
  }
  return undefined
}

/** What a path of the API means (`k8s.io/apiserver/pkg/endpoints/request/requestinfo.go`, NewRequestInfo). */

/** A path below `/api/v1` or `/apis/GROUP/VERSION` that names a resource. */
export interface RequestInfo {
  readonly group: string
  readonly version: string
  readonly namespace?: string
  readonly resource: string
  readonly name?: string
  /** "" for the object itself. */
  readonly subresource: string
  /** Old clients watch by the path: `/api/v1/watch/pods`. */
  readonly watch: boolean
}

/** Subresources of namespaces; everything else behind a namespace's name is a resource in it. */
const namespaceSubresources = new Set(["status", "finalize"])

const decoded = (part: string): string | undefined => {
  try {
    return decodeURIComponent(part)
  } catch {
    return undefined
  }
}

/** `undefined`: no resource is meant (discovery, `/version`, something unknown, a path that is not well-formed). */
export const requestInfo = (path: string): RequestInfo | undefined => {
  const parts: Array<string> = []
  for (const part of path.split("/")) {
    if (part === "") continue
    const text = decoded(part)
    // What a name cannot be anywhere: nothing may climb out of its place.
    if (text === undefined || text.includes("/") || text === "." || text === "..") return undefined
    parts.push(text)
  }
  const prefix = parts.shift()
  const group = prefix === "api" ? "" : prefix === "apis" ? parts.shift() : undefined
  const version = parts.shift()
  if (group === undefined || version === undefined) return undefined
  const watch = parts[0] === "watch"
  if (watch) parts.shift()
  const [first, second, ...others] = parts
  if (first === undefined) return undefined
  const inNamespace =
    first === "namespaces" && second !== undefined && others[0] !== undefined && !namespaceSubresources.has(others[0])
  const [resource = "", name, ...below] = inNamespace ? others : parts
  return {
    group,
    version,
    ...(inNamespace ? { namespace: second } : {}),
    resource,
    ...(name === undefined ? {} : { name }),
    subresource: below.join("/"),
    watch
  }
}

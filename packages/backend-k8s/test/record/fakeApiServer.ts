/** An API server for tests: one history of objects, served over HTTP as the real one does, with faults on order. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { defaultResources, pathOf, type Resource } from "../../src/record/Resource.ts"

export interface Change {
  readonly resource: string
  readonly resourceVersion: number
  readonly type: "ADDED" | "MODIFIED" | "DELETED"
  readonly object: FakeObject
  /** How often the server had gone back in time. */
  readonly era: number
  /** Microseconds since 1970. */
  readonly at: number
}

export interface FakeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly namespace?: string
    readonly uid: string
    readonly resourceVersion: string
  }
  readonly [field: string]: unknown
}

/** What goes wrong with the next request of that sort. */
export type Fault =
  | { readonly on: "watch" | "list"; readonly what: "close" | "reset" | "empty" | "garble" | "refuse" | "stall" }
  | { readonly on: "watch" | "list"; readonly what: "status"; readonly status: number; readonly retryAfter?: number }
  /** Cut off in the middle of the line after so many. */
  | { readonly on: "watch"; readonly what: "cut" | "garbleAfter" | "expireAfter"; readonly after: number }

interface Watcher {
  readonly resource: string
  readonly response: ServerResponse
  sent: number
  readonly fault: Fault | undefined
  /** The list before the watch is not whole yet. */
  isInitial: boolean
}

export class FakeApiServer {
  readonly #server: Server
  readonly #watchers = new Set<Watcher>()
  /** Every change that the server ever made, also in times that were taken back. */
  readonly made: Array<Change> = []
  /** Which era ended when, and to what version the server went back. */
  readonly restored: Array<{ readonly era: number; readonly version: number; readonly at: number }> = []
  #log: Array<Change> = []
  #objects = new Map<string, { readonly resource: string; readonly object: FakeObject }>()
  #version = 100
  #compacted = 0
  #uid = 0
  #era = 0
  #faults: Array<Fault> = []
  #isDown = false
  /** Who may come in: the token that is accepted, if any. */
  token: string | undefined
  /** Its identity. */
  cluster = "the-cluster"
  readonly forbidden = new Set<string>()
  readonly requests: Array<string> = []
  pageSize = 1_000
  /** Does it stream lists? Older servers refuse to; servers of other people's kinds may not know the word. */
  streams: "yes" | "refused" | "unknown" = "refused"

  private constructor(server: Server) {
    this.#server = server
  }

  static async start(): Promise<FakeApiServer> {
    const server = createServer()
    const self = new FakeApiServer(server)
    server.on("request", (request, response) => self.#answer(request, response))
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    return self
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  get version(): number {
    return this.#version
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    this.disconnect()
    this.#server.closeAllConnections()
    await new Promise<void>((resolve) => this.#server.close(() => resolve()))
  }

  async listen(port: number): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(port, "127.0.0.1", resolve))
  }

  /** Breaks every connection. */
  disconnect(): void {
    for (const { response } of this.#watchers) response.destroy()
    this.#watchers.clear()
  }

  /** Ends every watch in good order, as after its time. */
  endWatches(): void {
    for (const { response } of this.#watchers) response.end()
    this.#watchers.clear()
  }

  fault(fault: Fault): void {
    this.#faults.push(fault)
  }

  clearFaults(): void {
    this.#faults = []
  }

  create(resource: string, name: string, more: object = {}): FakeObject {
    const { kind, group, version, namespaced } = resourceNamed(resource)
    const apiVersion = group === "" ? version : `${group}/${version}`
    const uid = `uid-${++this.#uid}`
    const metadata = { name, ...(namespaced ? { namespace: "shop" } : {}), uid, resourceVersion: "" }
    return this.#write("ADDED", resource, { apiVersion, kind, metadata, ...more })
  }

  update(uid: string, more: object = {}): void {
    const known = this.#objects.get(uid)
    if (known !== undefined) this.#write("MODIFIED", known.resource, { ...known.object, ...more })
  }

  delete(uid: string): void {
    const known = this.#objects.get(uid)
    if (known !== undefined) this.#write("DELETED", known.resource, known.object)
  }

  uids(): ReadonlyArray<string> {
    return [...this.#objects.keys()]
  }

  /** What is there now: uid and version. */
  state(resource: string): ReadonlyMap<string, string> {
    return new Map(
      [...this.#objects].flatMap(([uid, known]) =>
        known.resource === resource ? [[uid, known.object.metadata.resourceVersion] as const] : []
      )
    )
  }

  /** Forgets its history: who was behind must list again. */
  compact(): void {
    this.#log = []
    this.#compacted = this.#version
  }

  /** A bookmark for everyone, or for who watches that resource. */
  bookmark(resource?: string): void {
    for (const watcher of this.#watchers) {
      if (watcher.isInitial || (resource !== undefined && watcher.resource !== resource)) continue
      this.#sendBookmark(watcher)
    }
  }

  #sendBookmark(watcher: Watcher, annotations?: object): void {
    const { kind, group, version } = resourceNamed(watcher.resource)
    const apiVersion = group === "" ? version : `${group}/${version}`
    const metadata = { resourceVersion: String(this.#version), ...(annotations === undefined ? {} : { annotations }) }
    this.#send(watcher, { type: "BOOKMARK", object: { apiVersion, kind, metadata } })
  }

  backup(): Backup {
    return { version: this.#version, objects: new Map(this.#objects), log: [...this.#log], compacted: this.#compacted }
  }

  /** Goes back to an older state, as after a restore of etcd: the API server restarts, and whoever would go on finds it down. */
  restore(backup: Backup): void {
    this.disconnect()
    this.#isDown = true
    this.restored.push({ era: this.#era, version: backup.version, at: Date.now() * 1_000 })
    this.#era++
    this.#version = backup.version
    this.#objects = new Map(backup.objects)
    this.#log = [...backup.log]
    this.#compacted = backup.compacted
  }

  /** A creation whose line is changed on its way. */
  raw(resource: string, change: (line: string) => string, more: object): void {
    this.#onTheWay = change
    this.create(resource, "raw", more)
    this.#onTheWay = (line) => line
  }

  #onTheWay: (line: string) => string = (line) => line

  #write(type: Change["type"], resource: string, content: FakeObject): FakeObject {
    const resourceVersion = ++this.#version
    const object = { ...content, metadata: { ...content.metadata, resourceVersion: String(resourceVersion) } }
    const change: Change = { resource, resourceVersion, type, object, era: this.#era, at: Date.now() * 1_000 }
    this.made.push(change)
    this.#log.push(change)
    if (type === "DELETED") this.#objects.delete(object.metadata.uid)
    else this.#objects.set(object.metadata.uid, { resource, object })
    for (const watcher of this.#watchers) if (watcher.resource === resource) this.#send(watcher, { type, object })
    return object
  }

  #send(watcher: Watcher, event: object): void {
    const line = `${this.#onTheWay(JSON.stringify(event))}\n`
    const { fault, response } = watcher
    if (fault !== undefined && "after" in fault && watcher.sent >= fault.after) {
      this.#watchers.delete(watcher)
      if (fault.what === "expireAfter") {
        const status = { kind: "Status", code: 410, reason: "Expired", message: "too old resource version" }
        response.end(`${JSON.stringify({ type: "ERROR", object: status })}\n`)
      } else if (fault.what === "garbleAfter") response.end(`${line.slice(0, 20)}!${line.slice(25)}`)
      else response.write(line.slice(0, line.length / 2), () => response.destroy())
      return
    }
    watcher.sent++
    response.write(line)
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://fake")
    this.requests.push(`${url.pathname}${url.search}`)
    if (this.token !== undefined && request.headers.authorization !== `Bearer ${this.token}`)
      return refuse(response, 401, "Unauthorized")
    if (url.pathname === "/version") return void response.end(JSON.stringify({ gitVersion: "v1.36.3" }))
    if (url.pathname === "/api/v1/namespaces/kube-system")
      return void response.end(JSON.stringify({ metadata: { uid: this.cluster } }))
    const resource = defaultResources.find((one) =>
      [pathOf(one, {}), pathOf(one, { namespace: "shop" })].includes(url.pathname)
    )
    if (resource === undefined) return refuse(response, 404, "the server could not find the requested resource")
    if (this.forbidden.has(resource.name)) return refuse(response, 403, `${resource.name} is forbidden: no rights`)
    const isAsked = url.searchParams.get("sendInitialEvents") === "true"
    const isStream = isAsked && this.streams === "yes"
    if (isAsked && this.streams === "refused")
      return refuse(
        response,
        422,
        "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled"
      )
    const isWatch = url.searchParams.get("watch") === "true"
    if (this.#isDown && isWatch && !isStream) {
      this.#isDown = false
      return void response.destroy()
    }
    // The recorder's first question (limit=1) has no faults: whoever is not there at the start is not recorded.
    const index = this.#faults.findIndex((fault) =>
      isStream ? fault.on === "list" || "after" in fault : fault.on === (isWatch ? "watch" : "list")
    )
    const isPreflight = url.searchParams.get("limit") === "1"
    const fault = isPreflight || index === -1 ? undefined : this.#faults.splice(index, 1)[0]
    if (fault !== undefined && !("after" in fault)) return broken(fault, response, url.pathname)
    if (isStream) this.#stream(resource, response, fault)
    else if (isWatch) this.#watch(resource, Number(url.searchParams.get("resourceVersion")), response, fault)
    else this.#list(resource, url.searchParams, response)
  }

  #list(resource: Resource, query: URLSearchParams, response: ServerResponse): void {
    const [at, from] = (query.get("continue") ?? `${this.#version}:0`).split(":").map(Number) as [number, number]
    if (at < this.#compacted || (from > 0 && at !== this.#version))
      return refuse(response, 410, "the provided continue parameter is too old")
    const all = [...this.#objects.values()]
      .filter((known) => known.resource === resource.name)
      .map(({ object }) => object)
    const more = from + this.pageSize < all.length
    const metadata = { resourceVersion: String(at), ...(more ? { continue: `${at}:${from + this.pageSize}` } : {}) }
    const items = all.slice(from, from + this.pageSize).map(({ apiVersion: _, kind: __, ...object }) => object)
    const apiVersion = resource.group === "" ? "v1" : `${resource.group}/v1`
    response.end(JSON.stringify({ kind: `${resource.kind}List`, apiVersion, metadata, items }))
  }

  #watch(resource: Resource, from: number, response: ServerResponse, fault: Fault | undefined): void {
    if (from < this.#compacted) return refuse(response, 410, `too old resource version: ${from} (${this.#compacted})`)
    const watcher = this.#watcher(resource, response, fault)
    for (const change of this.#log)
      if (change.resource === resource.name && change.resourceVersion > from && this.#watchers.has(watcher))
        this.#send(watcher, { type: change.type, object: change.object })
  }

  #watcher(resource: Resource, response: ServerResponse, fault: Fault | undefined): Watcher {
    response.writeHead(200, { "content-type": "application/json" })
    response.flushHeaders()
    const watcher: Watcher = { resource: resource.name, response, sent: 0, fault, isInitial: false }
    this.#watchers.add(watcher)
    response.on("close", () => this.#watchers.delete(watcher))
    return watcher
  }

  /** What is there, what happens meanwhile, a bookmark, and then a watch like any other. */
  #stream(resource: Resource, response: ServerResponse, fault: Fault | undefined): void {
    const watcher = this.#watcher(resource, response, fault)
    watcher.isInitial = true
    for (const known of [...this.#objects.values()])
      if (known.resource === resource.name && this.#watchers.has(watcher))
        this.#send(watcher, { type: "ADDED", object: known.object })
    setTimeout(() => {
      if (!this.#watchers.has(watcher)) return
      watcher.isInitial = false
      this.#sendBookmark(watcher, { "k8s.io/initial-events-end": "true" })
    }, 3)
  }
}

export interface Backup {
  readonly version: number
  readonly objects: ReadonlyMap<string, { readonly resource: string; readonly object: FakeObject }>
  readonly log: ReadonlyArray<Change>
  readonly compacted: number
}

const resourceNamed = (name: string): Resource => {
  const found = defaultResources.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no resource ${name}`)
  return found
}

const refuse = (response: ServerResponse, code: number, message: string, retryAfter?: number): void => {
  response.writeHead(code, retryAfter === undefined ? {} : { "retry-after": String(retryAfter) })
  response.end(JSON.stringify({ kind: "Status", apiVersion: "v1", code, message }))
}

const broken = (fault: Exclude<Fault, { after: number }>, response: ServerResponse, path: string): void => {
  switch (fault.what) {
    case "status":
      return refuse(response, fault.status, `${path}: ${fault.status} on order`, fault.retryAfter)
    case "refuse":
      return refuse(response, 500, "internal error")
    case "reset":
      return void response.destroy()
    case "empty":
    case "close":
      return void response.writeHead(200).end()
    case "garble":
      return void response.writeHead(200).end("<html>a proxy's sorry page</html>\n")
    case "stall":
      response.writeHead(200)
      response.flushHeaders()
  }
}

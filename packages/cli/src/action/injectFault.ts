/** What `kubereel fault` does: it makes, lists and deletes objects of kind Fault. */
import type { JsonObject } from "@kubereel/core"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"
import { type Answered, type ServedApi, servedApi } from "../input/servedApi.ts"
import { print } from "../output/stdout.ts"

export interface FaultInput {
  readonly order: string
  readonly target?: string
  readonly settings: ReadonlyArray<string>
  readonly name?: string
  readonly kubeconfig?: string
  readonly context?: string
  readonly json: boolean
}

interface FaultObject {
  readonly metadata: { readonly name: string }
  readonly spec: JsonObject
  readonly status?: { readonly phase?: string; readonly message?: string }
}

const PATH = "/apis/kubereel.dev/v1alpha1/faults"

const usage = (problem: string) => new Complaint({ code: exitCodes.usage, problem })

/** Texts that are something else in a step. */
const value = (text: string): unknown =>
  text === "true" ? true : text === "false" ? false : /^\d+$/.test(text) ? Number(text) : text

const settingsOf = (settings: ReadonlyArray<string>) =>
  Effect.map(
    Effect.forEach(settings, (setting) => {
      const at = setting.indexOf("=")
      return at < 1
        ? Effect.fail(usage(`fault: "${setting}" is no KEY=VALUE`))
        : Effect.succeed([setting.slice(0, at), setting.slice(at + 1)] as const)
    }),
    (pairs) => Object.fromEntries(pairs)
  )

const split = (text: string): ReadonlyArray<string> => text.split(",").filter((part) => part !== "")

/** Which field of a step the target is, and which settings are lists. */
const orders: { readonly [order: string]: (target: string, given: Record<string, string>) => object } = {
  node: (name, { pressure, ...given }) => ({
    node: {
      name,
      ...Object.fromEntries(Object.entries(given).map(([key, text]) => [key, value(text)])),
      ...(pressure === undefined ? {} : { pressure: value(pressure) === false ? false : split(pressure) })
    }
  }),
  kill: (target, { namespace, signal, ...given }) => {
    const [pod = "", container = ""] = target.split("/")
    const more = {
      ...(namespace === undefined ? {} : { namespace }),
      ...(signal === undefined ? {} : { signal: value(signal) })
    }
    return { kill: { pod, container, ...more, ...given } }
  },
  runtime: (node, given) => ({ fault: { node, ...given } }),
  watch: (of, { kinds, ...given }) => ({
    watch: { of, ...given, ...(kinds === undefined ? {} : { kinds: split(kinds) }) }
  })
}

const messageOf = ({ body }: Answered): string => {
  try {
    return (JSON.parse(body) as { readonly message?: string }).message ?? body
  } catch {
    return body.trim()
  }
}

/** What was asked for, or what the server says against it. */
const taken = (answered: Answered) =>
  answered.status < 300
    ? Effect.succeed(JSON.parse(answered.body) as JsonObject)
    : Effect.fail(
        new Complaint({
          code: answered.status === 401 || answered.status >= 500 ? exitCodes.unavailable : exitCodes.badData,
          problem: messageOf(answered)
        })
      )

const lineOf = ({ metadata, spec, status = {} }: FaultObject): string =>
  `${metadata.name}\t${status.phase ?? "Pending"}\t${JSON.stringify(spec)}\t${status.message ?? ""}`

const list = Effect.fnUntraced(function* ({ ask }: ServedApi, json: boolean) {
  const { items } = (yield* taken(yield* ask("GET", PATH))) as unknown as { readonly items: ReadonlyArray<FaultObject> }
  if (json) return yield* print(JSON.stringify({ schemaVersion: 1, faults: items }, undefined, 2))
  yield* print(items.length === 0 ? "there are no faults" : items.map(lineOf).join("\n"))
})

const heal = Effect.fnUntraced(function* ({ ask }: ServedApi, name: string, json: boolean) {
  yield* taken(yield* ask("DELETE", `${PATH}/${encodeURIComponent(name)}`))
  yield* print(json ? JSON.stringify({ schemaVersion: 1, healed: name }, undefined, 2) : `fault ${name} is over`)
})

const inject = Effect.fnUntraced(function* ({ ask }: ServedApi, spec: object, { json, name }: FaultInput) {
  const metadata = name === undefined ? { generateName: "fault-" } : { name }
  const object = { apiVersion: "kubereel.dev/v1alpha1", kind: "Fault", metadata, spec }
  const made = (yield* taken(yield* ask("POST", PATH, object))) as unknown as FaultObject
  const path = `${PATH}/${encodeURIComponent(made.metadata.name)}`
  const fault = (yield* taken(yield* ask("GET", path))) as unknown as FaultObject
  const { message = "", phase = "Pending" } = fault.status ?? {}
  if (phase === "Refused") {
    // Nothing came of it: nothing of it is left.
    yield* ask("DELETE", path)
    return yield* new Complaint({ code: exitCodes.badData, problem: `fault ${fault.metadata.name}: ${message}` })
  }
  const answer = { schemaVersion: 1, name: fault.metadata.name, phase, message }
  yield* print(
    json ? JSON.stringify(answer, undefined, 2) : `fault ${fault.metadata.name}: ${phase.toLowerCase()}; ${message}`
  )
})

export const injectFault = Effect.fn("injectFault")(function* (input: FaultInput) {
  const { json, order, settings, target } = input
  const make = Object.hasOwn(orders, order) ? orders[order] : undefined
  if (make === undefined && order !== "list" && order !== "heal")
    return yield* usage(
      `fault: there is no order "${order}"; there are ${[...Object.keys(orders), "list", "heal"].join(", ")}`
    )
  if (order !== "list" && target === undefined)
    return yield* usage(`fault ${order}: needs what it is about; see \`kubereel fault --help\``)
  const given = yield* settingsOf(settings)
  const api = yield* servedApi(input)
  if (make !== undefined) return yield* inject(api, make(target ?? "", given), input)
  return yield* order === "list" ? list(api, json) : heal(api, target ?? "", json)
})

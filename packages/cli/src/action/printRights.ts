/** What `kubereel record --print-rbac` and `--print-manifest` print: YAML for kubectl. */
import { ApiClient, defaultResources, discover, manifestOf, type Resource, rbacOf } from "@kubereel/backend-k8s"
import { Effect } from "effect"
import { stringify } from "yaml"
import { Complaint, exitCodes } from "../exitCode.ts"
import { print } from "../output/stdout.ts"
import { type RecordInput, scopeOf } from "./recordInput.ts"

const isUsual = (name: string): boolean =>
  defaultResources.some((resource) => resource.name === name || resource.plural === name)

/** A cluster is asked only for kinds that are none of the usual: nobody else knows their groups. */
const resourcesOf = Effect.fnUntraced(function* (input: RecordInput) {
  if (input.resources.length === 0 && !input.only) return defaultResources
  if (input.resources.length > 0 && input.resources.every(isUsual)) {
    const named = (resource: Resource): boolean =>
      input.resources.some((name) => resource.name === name || resource.plural === name)
    return input.only ? defaultResources.filter(named) : defaultResources
  }
  return yield* discover(yield* ApiClient.make(input), input.resources, input.only)
})

const documents = (objects: ReadonlyArray<object>): string =>
  objects.map((object) => stringify(object, { aliasDuplicateObjects: false })).join("---\n")

export const printRbac = Effect.fnUntraced(function* (input: RecordInput) {
  const namespace = input.namespace ?? "default"
  yield* print(documents(rbacOf(yield* resourcesOf(input), scopeOf(input), { name: "kubereel", namespace })))
})

const argsOf = (input: RecordInput): ReadonlyArray<string> => [
  ...(input.namespace === undefined ? [] : ["--namespace", input.namespace]),
  ...(input.selector === undefined ? [] : ["--selector", input.selector]),
  ...input.resources.flatMap((name) => ["--resource", name]),
  ...(input.only ? ["--only"] : []),
  ...(input.maxSize === undefined ? [] : ["--max-size", input.maxSize]),
  ...(input.maxAge === undefined ? [] : ["--max-age", input.maxAge]),
  ...(input.redact ? [] : ["--no-redact"])
]

export const printManifest = Effect.fnUntraced(function* (input: RecordInput) {
  const { image } = input
  if (image === undefined)
    return yield* new Complaint({
      code: exitCodes.usage,
      problem: "--print-manifest: name an image that has `kubereel` in its path with --image"
    })
  const resources = yield* resourcesOf(input)
  yield* print(documents(manifestOf({ resources, scope: scopeOf(input), image, args: argsOf(input) })))
})

/** Kubernetes' own OpenAPI documents, one behind the other, and where each of them is. */
import { createHash } from "node:crypto"
import { globSync, readFileSync } from "node:fs"
import type { JsonObject } from "@kubereel/core"
import { definitionsSource, type Enums, readEnums, withEnums } from "./enums.ts"

/** In the module cache of Go (`go mod download k8s.io/kubernetes@v1.36.3`). */
export const openApiSource = "k8s.io/kubernetes@v1.36.3/api/openapi-spec"

interface OpenApiDocuments {
  /** All of them, without blanks. */
  readonly text: string
  /** The text of the module that says where which one is. */
  readonly index: string
}

/** `apis__apps__v1_openapi.json` → `apis/apps/v1` */
const pathOf = (file: string): string => file.replace("_openapi.json", "").replaceAll("__", "/")

/** Only what is the API: not the logs of the server, nor its keys. */
const isOfApi = (path: string): boolean => /^(?:apis?|version)(?:\/|$)/.test(path)

/** Without blanks; the third version of OpenAPI has its schemas one level further down than the second. */
const document = (file: string, enums: Enums): string => {
  const { components, definitions, ...rest } = JSON.parse(readFileSync(file, "utf8")) as { [part: string]: JsonObject }
  const { schemas, ...others } = components ?? {}
  return JSON.stringify({
    ...(components === undefined
      ? {}
      : { components: { schemas: withEnums(schemas as JsonObject, enums), ...others } }),
    ...(definitions === undefined ? {} : { definitions: withEnums(definitions, enums) }),
    ...rest
  })
}

export const openApiDocuments = (cache: string): OpenApiDocuments => {
  const folder = `${cache}/${openApiSource}`
  const enums = readEnums(readFileSync(`${cache}/${definitionsSource}`, "utf8"))
  const files = globSync("*.json", { cwd: `${folder}/v3` }).toSorted()
  const documents = [
    ...files.map((file) => ({ path: pathOf(file), file: `${folder}/v3/${file}` })).filter(({ path }) => isOfApi(path)),
    { path: "v2", file: `${folder}/swagger.json` }
  ].map(({ file, path }) => ({ path, text: document(file, enums) }))
  const lines = documents.map(({ path, text }) => {
    const hash = createHash("sha256").update(text).digest("hex").toUpperCase().slice(0, 40)
    return `  ${JSON.stringify(`${path} ${Buffer.byteLength(text)} ${hash}`)}`
  })
  return {
    text: documents.map(({ text }) => text).join(""),
    index: [
      "/** Which OpenAPI documents of Kubernetes 1.36 there are. Generated: `node tools/generate.mjs openapi`. */",
      "",
      "/** `path bytes hash`, in the order in which they stand in `openApiData.ts`; `v2` is the one of the second version of OpenAPI. */",
      "export const openApiIndex: ReadonlyArray<string> = [",
      lines.join(",\n"),
      "]",
      ""
    ].join("\n")
  }
}

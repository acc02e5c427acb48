/** Files of a volume that would lie in each other's place (`pkg/api/pod/warnings.go`, warningsForOverlappingVirtualPaths). */
import { isJsonObject, type JsonObject } from "../../../event/Json.ts"
import { entries, mapping, text } from "../fields.ts"

interface File {
  readonly path: string
  /** Who brings it; "" where that is the volume itself. */
  readonly source: string
}

const shown = ({ path, source }: File): string =>
  source === "" ? JSON.stringify(path) : `${JSON.stringify(path)} (${source})`

const overlaps = (a: File, b: File): boolean =>
  a.path !== "" && b.path !== "" && (`${a.path}/`.startsWith(`${b.path}/`) || `${b.path}/`.startsWith(`${a.path}/`))

/** Each with those before it. */
const collisions = (files: ReadonlyArray<File>): ReadonlyArray<string> => {
  const bare = files.map(({ path, source }) => ({ path: path.replace(/\/+$/, ""), source }))
  return bare.flatMap((file, i) =>
    bare
      .slice(0, i)
      .filter((other) => overlaps(other, file))
      .map((other) => `${shown(file)} with ${shown(other)}`)
  )
}

const items = (source: JsonObject, from: string): ReadonlyArray<File> =>
  entries(source, "items").map((item) => ({ path: text(item, "path"), source: from }))

const certificate = (source: JsonObject): ReadonlyArray<File> =>
  (
    [
      ["certificateChainPath", "PodCertificate chain"],
      ["keyPath", "PodCertificate key"],
      ["credentialBundlePath", "PodCertificate credential bundle"]
    ] as const
  ).flatMap(([field, what]) => (text(source, field) === "" ? [] : [{ path: text(source, field), source: what }]))

const projected = (source: JsonObject): ReadonlyArray<File> => {
  const of = (field: string) => mapping(source, field)
  const has = (field: string) => isJsonObject(source[field])
  if (has("configMap")) return items(of("configMap"), `ConfigMap ${JSON.stringify(text(of("configMap"), "name"))}`)
  if (has("secret")) return items(of("secret"), `Secret ${JSON.stringify(text(of("secret"), "name"))}`)
  if (has("downwardAPI")) return items(of("downwardAPI"), "DownwardAPI")
  if (has("serviceAccountToken"))
    return [{ path: text(of("serviceAccountToken"), "path"), source: "ServiceAccountToken" }]
  if (has("clusterTrustBundle")) {
    const bundle = of("clusterTrustBundle")
    const name = JSON.stringify(text(bundle, "name") || text(bundle, "signerName"))
    return [{ path: text(bundle, "path"), source: `ClusterTrustBundle ${name}` }]
  }
  return certificate(of("podCertificate"))
}

const ofProjected = (name: string, volume: JsonObject): ReadonlyArray<string> => {
  const sources = entries(volume, "sources")
  const files = sources.map(projected)
  return sources.flatMap((source, i) => {
    if (Object.values(source).every((value) => !isJsonObject(value)))
      return [`volume ${name} (Projected) has no sources provided`]
    const before = collisions(files.slice(0, i).flat()).length
    const found = collisions(files.slice(0, i + 1).flat()).slice(before)
    return found.map((what) => `volume ${name} (Projected): overlapping paths: ${what}`)
  })
}

export const overlappingPaths = (volumes: ReadonlyArray<JsonObject>): ReadonlyArray<string> =>
  volumes.flatMap((volume) => {
    const name = JSON.stringify(text(volume, "name"))
    const of = (field: string, what: string) =>
      collisions(items(mapping(volume, field), "")).map(
        (found) => `volume ${name} (${what}): overlapping paths: ${found}`
      )
    const [configMap, secret] = [mapping(volume, "configMap"), mapping(volume, "secret")]
    return [
      ...of("configMap", `ConfigMap ${JSON.stringify(text(configMap, "name"))}`),
      ...of("secret", `Secret ${JSON.stringify(text(secret, "secretName"))}`),
      ...of("downwardAPI", "DownwardAPI"),
      ...ofProjected(name, mapping(volume, "projected"))
    ]
  })

/** In which form a client wants its answer, and in which it sends a body (`k8s.io/apiserver/pkg/endpoints/handlers/negotiation`). */
import { failure, type Status } from "@kubereel/core"
import { Result } from "effect"
import { type AcceptClause, parseAccept } from "./parseAccept.ts"

export type WireFormat = "json" | "yaml" | "protobuf"

/** What an answer may be turned into, whatever its kind. */
export type Transform = "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList"

export interface Accepted {
  readonly format: WireFormat
  /** Absent: the object or list as it is. */
  readonly as?: Transform | "APIGroupDiscoveryList"
  /** Of `meta.k8s.io`, or of discovery (`v2`); with `as` only. */
  readonly version?: string
  /** The client names the format of a watch's frames; it asks for a watch by the path all the same. */
  readonly stream: boolean
  /** JSON with line breaks. */
  readonly pretty: boolean
}

/** What an answer can be given as. */
export interface Offer {
  /** Objects and lists can be turned into Tables and metadata; discovery into one document. `none`: Statuses, versions. */
  readonly transforms: "objects" | "discovery" | "none"
  /** Kinds of CustomResourceDefinitions have no protobuf but that of their metadata. */
  readonly protobuf?: boolean
  /** Of the request: `?pretty=`. */
  readonly pretty?: string | undefined
  readonly userAgent?: string | undefined
}

const formats: ReadonlyArray<{ readonly format: WireFormat; readonly subType: string }> = [
  { format: "json", subType: "json" },
  { format: "yaml", subType: "yaml" },
  { format: "protobuf", subType: "vnd.kubernetes.protobuf" }
]

export const mediaTypes: { readonly [format in WireFormat]: string } = {
  json: "application/json",
  yaml: "application/yaml",
  protobuf: "application/vnd.kubernetes.protobuf"
}

/** What is asked for in the place of the object; the three parameters come together or not at all. */
const conversionOf = ({ parameters }: AcceptClause) =>
  ["as", "g", "v"].some((name) => parameters.has(name))
    ? { as: parameters.get("as") ?? "", group: parameters.get("g") ?? "", version: parameters.get("v") ?? "" }
    : undefined

const isTransform = (kind: string): kind is Transform =>
  kind === "Table" || kind === "PartialObjectMetadata" || kind === "PartialObjectMetadataList"

/** RequestScope.AllowsMediaTypeTransform, and that of the discovery documents. */
const transformOf = (
  clause: AcceptClause,
  format: WireFormat,
  offer: Offer
): Pick<Accepted, "as" | "version"> | undefined => {
  const asked = conversionOf(clause)
  if (asked === undefined) {
    // Only who asks for the one document of discovery gets it: the others are another handler's.
    const isServed = offer.transforms !== "discovery" && (format !== "protobuf" || offer.protobuf !== false)
    return isServed ? {} : undefined
  }
  const { as, group, version } = asked
  if (offer.transforms === "discovery") {
    const isDocument = as === "APIGroupDiscoveryList" && group === "apidiscovery.k8s.io" && version === "v2"
    return isDocument ? { as, version } : undefined
  }
  if (offer.transforms === "none" || group !== "meta.k8s.io" || (version !== "v1" && version !== "v1beta1")) {
    return undefined
  }
  return isTransform(as) && (as !== "Table" || format !== "protobuf") ? { as, version } : undefined
}

const isBrowserOrTool = (agent: string): boolean => /^(?:curl|Wget|Mozilla\/5\.0)/.test(agent)

/** isPrettyPrint: the query has the last word, then who asks. */
const isPretty = (clause: AcceptClause | undefined, { pretty = "", userAgent = "" }: Offer): boolean =>
  clause?.parameters.get("pretty") === "1" ||
  (pretty === "" ? isBrowserOrTool(userAgent) : /^(?:1|t|T|TRUE|true|True)$/.test(pretty))

const accept = (
  clause: AcceptClause,
  { format, subType }: (typeof formats)[number],
  offer: Offer
): Accepted | undefined => {
  const fits =
    (clause.type === "application" && (clause.subType === subType || clause.subType === "*")) ||
    (clause.type === "*" && clause.subType === "*")
  const stream = clause.parameters.get("stream") ?? ""
  const serverVersion = clause.parameters.get("sv") ?? ""
  // YAML has no frames.
  const allowsStream = stream === "" || (stream === "watch" && format !== "yaml")
  if (!fits || !allowsStream || !allowsServerVersion(serverVersion, offer)) return undefined
  const transform = transformOf(clause, format, offer)
  return transform && { format, ...transform, stream: stream === "watch", pretty: isPretty(clause, offer) }
}

const allowsServerVersion = (version: string, { transforms }: Offer): boolean =>
  version === "" || (transforms === "objects" && version === "v1")

const supported = formats.map(({ format }) => mediaTypes[format]).join(", ")
const supportedStreams = `${mediaTypes.json};stream=watch, ${mediaTypes.protobuf};stream=watch`

/**
 * The form of the answer to a request with this header `Accept`, JSON without one; a 406 with its Status if the client takes nothing
 * that there is. `watching`: frames are asked for, and YAML has none: who likes it best is refused.
 */
export const negotiate = (
  header: string | undefined,
  offer: Offer,
  watching = false
): Result.Result<Accepted, Status> => {
  if (header === undefined || header === "") {
    return Result.succeed({ format: "json", stream: false, pretty: isPretty(undefined, offer) })
  }
  for (const clause of parseAccept(header)) {
    for (const format of formats) {
      const accepted = accept(clause, format, offer)
      if (accepted === undefined) continue
      return watching && format.format === "yaml" ? Result.fail(notAcceptable(watching)) : Result.succeed(accepted)
    }
  }
  return Result.fail(notAcceptable(watching))
}

const notAcceptable = (watching: boolean): Status =>
  failure(
    406,
    "NotAcceptable",
    `only the following media types are accepted: ${watching ? supportedStreams : supported}`
  )

/** The form of a Status: JSON for who takes nothing of what there is (`responsewriters/writers.go`, WriteObjectNegotiated). */
export const negotiateStatus = (header: string | undefined, of: Omit<Offer, "transforms" | "protobuf">): Accepted =>
  Result.getOrElse(negotiate(header, { ...of, transforms: "none" }), () => ({
    format: "json" as const,
    stream: false,
    pretty: false
  }))

/** `mime.ParseMediaType` as far as it decides: a type, then parameters that have names and values. */
const bareMediaType = (header: string): string | undefined => {
  const [type = "", ...parameters] = header.split(";")
  const isToken = (text: string) => /^[\w!#$%&'*+.^`|~-]+$/.test(text)
  const whole = type.trim().toLowerCase()
  const fine = parameters.every((parameter) => {
    const text = parameter.trim()
    return text === "" || /^[\w!#$%&'*+.^`|~-]+ *= *(?:[\w!#$%&'*+.^`|~-]+|"(?:[^"\\]|\\.)*")$/.test(text)
  })
  return fine && whole.split("/").length <= 2 && whole.split("/").every(isToken) ? whole : undefined
}

/** The form of a body with this header `Content-Type`, JSON without one; a 415 with its Status if it is none that can be read. */
export const negotiateBody = (header: string | undefined): Result.Result<WireFormat, Status> => {
  if (header === undefined || header === "") return Result.succeed("json")
  const type = bareMediaType(header)
  const found = formats.find(({ format }) => mediaTypes[format] === type)
  return found === undefined
    ? Result.fail(
        failure(
          415,
          "UnsupportedMediaType",
          `the body of the request was in an unknown format - accepted media types include: ${supported}`
        )
      )
    : Result.succeed(found.format)
}

/** The header `Content-Type` of an answer (`k8s.io/apiserver/pkg/endpoints/handlers/watch.go`: frames in JSON are not marked as such). */
export const contentType = ({ as, format, version }: Accepted, watching = false): string => {
  if (as === "APIGroupDiscoveryList") return `${mediaTypes[format]};g=apidiscovery.k8s.io;v=${version};as=${as}`
  return watching && format === "protobuf" ? `${mediaTypes[format]};stream=watch` : mediaTypes[format]
}

/** The parts of an image's name (`pkg/util/parsers/parsers.go`, `github.com/distribution/reference`). */
import { Result } from "effect"

export interface ImageName {
  /** As written, without tag and digest. */
  readonly name: string
  /** The registry: `docker.io` where the name does not say. */
  readonly domain: string
  /** The repository in it: `library/busybox` for `busybox`. */
  readonly path: string
  readonly tag: string
  readonly digest: string
}

const DEFAULT_DOMAIN = "docker.io"
const LONGEST_PATH = 255

const domainPart = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
const domainPattern = `(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`
const pathPart = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*"
const digestPart = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
const reference = new RegExp(
  `^(?:${domainPattern}/)?${pathPart}(?:/${pathPart})*(?::(\\w[\\w.-]{0,127}))?(?:@(${digestPart}))?$`
)

/** splitDockerDomain: a first part with a dot, a colon or a capital letter is a registry. */
const splitDomain = (image: string): readonly [domain: string, remainder: string] => {
  const slash = image.indexOf("/")
  if (slash < 0) return [DEFAULT_DOMAIN, `library/${image}`]
  const first = image.slice(0, slash)
  const rest = image.slice(slash + 1)
  const isDomain = first === "localhost" || /[.:]/.test(first) || first.toLowerCase() !== first
  const [domain, remainder] = isDomain
    ? [first === "index.docker.io" ? DEFAULT_DOMAIN : first, rest]
    : [DEFAULT_DOMAIN, image]
  return [domain, domain === DEFAULT_DOMAIN && !remainder.includes("/") ? `library/${remainder}` : remainder]
}

/** Why `domain/remainder` is no reference, in the library's words; `undefined` if it is one. */
const problemOf = (image: string, domain: string, remainder: string): string | undefined => {
  if (/^[a-f0-9]{64}$/.test(image))
    return `invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`
  const [remote = ""] = remainder.split(":")
  if (remote.toLowerCase() !== remote) return `invalid reference format: repository name (${remote}) must be lowercase`
  const whole = `${domain}/${remainder}`
  if (!reference.test(whole))
    return reference.test(whole.toLowerCase()) ? "repository name must be lowercase" : "invalid reference format"
  const path = remainder.replace(/@.*$/, "").replace(/:[^/]*$/, "")
  return path.length > LONGEST_PATH ? `repository name must not be more than ${LONGEST_PATH} characters` : undefined
}

/** The names that were asked for lately: thousands of containers have one image. */
const known = new Map<string, Result.Result<ImageName, string>>()
const MOST_KNOWN = 4_096

/** The parts of a name, or why it has none. Without a tag and a digest the tag is `latest`. */
export const imageNameOf = (image: string): Result.Result<ImageName, string> => {
  const before = known.get(image)
  if (before !== undefined) return before
  if (known.size >= MOST_KNOWN) known.clear()
  const made = partsOf(image)
  known.set(image, made)
  return made
}

const partsOf = (image: string): Result.Result<ImageName, string> => {
  const [domain, remainder] = splitDomain(image)
  const problem = problemOf(image, domain, remainder)
  if (problem !== undefined) return Result.fail(`couldn't parse image name ${JSON.stringify(image)}: ${problem}`)
  const [, tag = "", digest = ""] = reference.exec(`${domain}/${remainder}`) ?? []
  const bare = (text: string) => text.replace(/@.*$/, "").replace(/:[^/]*$/, "")
  return Result.succeed({
    name: bare(image),
    domain,
    path: bare(remainder),
    tag: tag === "" && digest === "" ? "latest" : tag,
    digest
  })
}

/** `undefined` for what is no reference. */
export const parseImageName = (image: string): ImageName | undefined => {
  const name = imageNameOf(image)
  return Result.isSuccess(name) ? name.success : undefined
}

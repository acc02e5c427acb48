/** The parts of an image's name (`pkg/util/parsers/parsers.go`, `github.com/distribution/reference`). */

export interface ImageName {
  readonly name: string
  readonly tag: string
  readonly digest: string
}

const domainPart = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
const domain = `(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`
const pathPart = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*"
const digestPart = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
const reference = new RegExp(
  `^((?:${domain}/)?${pathPart}(?:/${pathPart})*)(?::(\\w[\\w.-]{0,127}))?(?:@(${digestPart}))?$`
)

/** `undefined` for what is no reference. Without a tag and a digest the tag is `latest`. */
export const parseImageName = (image: string): ImageName | undefined => {
  const match = /^[a-f0-9]{64}$/.test(image) ? null : reference.exec(image)
  if (match === null) return undefined
  const [, name = "", tag = "", digest = ""] = match
  return { name, tag: tag === "" && digest === "" ? "latest" : tag, digest }
}

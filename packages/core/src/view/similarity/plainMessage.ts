/** What two runs of one cluster may word differently, made plain: the yardstick's own rules, kept apart from `diff`'s. */

const safe = "[bcdfghjklmnpqrstvwxz2456789]"
const suffix = new RegExp(`-${safe}{5}(?![a-z0-9])`, "g")
const templateHash = new RegExp(`-${safe}{8,10}(?![a-z0-9])`, "g")

/** In this order: what an earlier one writes, a later one may read. */
const replacements: ReadonlyArray<readonly [RegExp, string]> = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "UID"],
  [/(containerd:\/\/)?[0-9a-f]{64}/g, "ID"],
  [/kube-api-access-[a-z0-9]{5}/g, "kube-api-access-X"],
  [/\b10\.\d+\.\d+\.\d+\b/g, "IP"],
  [/\bin \d[\wµ.]*s \(\d[\wµ.]*s including waiting\)/g, "in D"],
  [/Image size: \d+ bytes/g, "Image size: N bytes"],
  [/IP:\d+->IP:\d+|IP:\d+->/g, "CONN"],
  [/\d+\.\d+(e\+\d+)?(s|ms)\b/g, "Ds"]
]

/** A name without its generated parts. */
export const plainName = (name: string): string => name.replace(suffix, "-*").replace(templateHash, "-*")

export const plainMessage = (message: string): string =>
  replacements.reduce((text, [pattern, plain]) => text.replace(pattern, plain), plainName(message))

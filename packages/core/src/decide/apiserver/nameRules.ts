/** Which texts Kubernetes takes for names and labels, and what it says of others (`k8s.io/apimachinery/pkg/util/validation`; C-044). */

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const KEY = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]"
const VALUE = `(${KEY})?`

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)
const [label, subdomain, key, value] = [LABEL, SUBDOMAIN, KEY, VALUE].map(whole) as [RegExp, RegExp, RegExp, RegExp]

const regexError = (message: string, pattern: string, ...examples: ReadonlyArray<string>): string => {
  const listed = examples.map((example, i) => `${i === 0 ? "" : " or "}'${example}', `).join("")
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`
  return `${message} (e.g. ${listed}regex used for validation is '${pattern}')`
}

const longer = (text: string, limit: number, unit: "characters" | "bytes"): ReadonlyArray<string> =>
  text.length > limit ? [`must be no more than ${limit} ${unit}`] : []

const LABEL_SHAPE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character"
const SUBDOMAIN_SHAPE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character"
const KEY_SHAPE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"
const VALUE_SHAPE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character"

/** Names of containers, volumes, ports, host names. */
export const dns1123Label = (text: string): ReadonlyArray<string> => {
  const long = longer(text, 63, "characters")
  if (label.test(text)) return long
  const dotted = text.includes(".") && subdomain.test(text)
  return [...long, dotted ? "must not contain dots" : regexError(LABEL_SHAPE, LABEL, "my-name", "123-abc")]
}

/** Names of pods and most other objects. */
export const dns1123Subdomain = (text: string): ReadonlyArray<string> => [
  ...longer(text, 253, "characters"),
  ...(subdomain.test(text) ? [] : [regexError(SUBDOMAIN_SHAPE, SUBDOMAIN, "example.com")])
]

const SEARCH_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?"
const SEARCH = `${SEARCH_LABEL}(\\.${SEARCH_LABEL})*`
const SEARCH_SHAPE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character"

/** Domains in which names are searched: underscores are good (IsDNS1123SubdomainWithUnderscore). */
export const searchDomain = (text: string): ReadonlyArray<string> => [
  ...longer(text, 253, "characters"),
  ...(whole(SEARCH).test(text) ? [] : [regexError(SEARCH_SHAPE, SEARCH, "example.com")])
]

/** What can be a part of a path; an empty text is for others to refuse (`k8s.io/apimachinery/pkg/api/validate/content/path.go`). */
export const pathSegment = (text: string): ReadonlyArray<string> =>
  text === "." || text === ".."
    ? [`may not be '${text}'`]
    : ["/", "%"].filter((illegal) => text.includes(illegal)).map((illegal) => `may not contain '${illegal}'`)

/** Keys of labels, annotations, node selectors, taints. */
export const qualifiedName = (text: string): ReadonlyArray<string> => {
  const parts = text.split("/")
  const [prefix, name] = parts.length === 2 ? [parts[0] ?? "", parts[1] ?? ""] : [undefined, text]
  if (parts.length > 2) {
    return [
      `a valid label key ${regexError(KEY_SHAPE, KEY, "MyName", "my.name", "123-abc")} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`
    ]
  }
  const ofPrefix =
    prefix === undefined
      ? []
      : prefix === ""
        ? ["prefix part must be non-empty"]
        : dns1123Subdomain(prefix).map((message) => `prefix part ${message}`)
  const ofName =
    name === "" ? ["name part must be non-empty"] : longer(name, 63, "bytes").map((message) => `name part ${message}`)
  return [
    ...ofPrefix,
    ...ofName,
    ...(key.test(name) ? [] : [`name part ${regexError(KEY_SHAPE, KEY, "MyName", "my.name", "123-abc")}`])
  ]
}

export const labelValue = (text: string): ReadonlyArray<string> => [
  ...longer(text, 63, "bytes"),
  ...(value.test(text) ? [] : [regexError(VALUE_SHAPE, VALUE, "MyValue", "my_value", "12345")])
]

/** At most 15 of letters, digits and single hyphens, with a letter. */
export const portName = (text: string): ReadonlyArray<string> => [
  ...longer(text, 15, "characters"),
  ...(/^[-a-z0-9]+$/.test(text) ? [] : ["must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"]),
  ...(/[a-z]/.test(text) ? [] : ["must contain at least one letter (a-z)"]),
  ...(text.includes("--") ? ["must not contain consecutive hyphens"] : []),
  ...(text.startsWith("-") || text.endsWith("-") ? ["must not begin or end with a hyphen"] : [])
]

const HEADER = "[-A-Za-z0-9]+"
const HEADER_SHAPE = "a valid HTTP header must consist of alphanumeric characters or '-'"

export const httpHeaderName = (text: string): ReadonlyArray<string> =>
  whole(HEADER).test(text) ? [] : [regexError(HEADER_SHAPE, HEADER, "X-Header-Name")]

const PATH = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+"

/** What follows the domain in `acme.io/foo`. */
export const httpPath = (text: string): ReadonlyArray<string> =>
  whole(PATH).test(text) ? [] : [regexError("Invalid path", PATH)]

export const between = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`

const CONFIG_KEY = "[-._a-zA-Z0-9]+"
const CONFIG_KEY_SHAPE = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"

/** Keys of ConfigMaps and Secrets: names of files, too. */
export const configMapKey = (text: string): ReadonlyArray<string> => [
  ...longer(text, 253, "characters"),
  ...(whole(CONFIG_KEY).test(text)
    ? []
    : [regexError(CONFIG_KEY_SHAPE, CONFIG_KEY, "key.name", "KEY_NAME", "key-name")]),
  ...(text === "."
    ? ["must not be '.'"]
    : text === ".."
      ? ["must not be '..'"]
      : text.startsWith("..")
        ? ["must not start with '..'"]
        : [])
]

/** What can stand between two slashes of a path (`k8s.io/apimachinery/pkg/api/validate/content/path.go`, IsPathSegmentName). */
export const pathSegmentName = (text: string): ReadonlyArray<string> => {
  if (text === "." || text === "..") return [`may not be '${text}'`]
  return ["/", "%"].filter((one) => text.includes(one)).map((one) => `may not contain '${one}'`)
}

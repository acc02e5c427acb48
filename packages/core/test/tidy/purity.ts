/** Finds what makes a file impure: a clock, chance, timers, the process, the machine's language. */
import { parseSync } from "oxc-parser"

const globals = new Set([
  ...[
    "Date",
    "performance",
    "process",
    "crypto",
    "globalThis",
    "global",
    "Buffer",
    "Intl",
    "console",
    "eval",
    "Function"
  ],
  ...[
    "fetch",
    "setTimeout",
    "setInterval",
    "setImmediate",
    "clearTimeout",
    "clearInterval",
    "queueMicrotask",
    "require"
  ]
])

/** They answer differently on a machine with another language. */
const localised = new Set(["localeCompare", "toLocaleString", "toLocaleLowerCase", "toLocaleUpperCase"])

type Node = { readonly type: string; readonly [field: string]: unknown }

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string"

const nodesIn = (value: unknown): ReadonlyArray<Node> =>
  Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : []

const nameOf = (value: unknown): string => (isNode(value) && typeof value.name === "string" ? value.name : "")

/** The names that a pattern binds. Its default values are no bindings: they are looked at like any expression. */
const bindings = (pattern: unknown): ReadonlyArray<string> =>
  nodesIn(pattern).flatMap((node) => {
    switch (node.type) {
      case "Identifier":
        return [nameOf(node)]
      case "ObjectPattern":
        return bindings(node.properties)
      case "ArrayPattern":
        return bindings(node.elements)
      case "Property":
        return bindings(node.value)
      case "AssignmentPattern":
        return bindings(node.left)
      case "RestElement":
        return bindings(node.argument)
      default:
        return []
    }
  })

/** Fields of a node in which an identifier is a name for something and not a reference to it. */
const isLabel = (node: Node, field: string): boolean =>
  node.computed !== true && (field === "property" || (field === "key" && node.shorthand !== true) || field === "label")

const walk = (node: Node, visit: (node: Node) => void): void => {
  visit(node)
  for (const [field, value] of Object.entries(node))
    if (!isLabel(node, field)) for (const child of nodesIn(value)) walk(child, visit)
}

const randomOf = (node: Node): boolean => {
  const property = node.property
  const name = node.computed === true && isNode(property) ? property.value : nameOf(property)
  return nameOf(node.object) === "Math" && (name === "random" || typeof name !== "string")
}

/** The impure words of a file, each once. A name that the file itself declares is its own business. */
export const impurities = (file: string, code: string): ReadonlyArray<string> => {
  const program: unknown = parseSync(file, code).program
  const declared = new Set<string>()
  const found = new Set<string>()
  if (!isNode(program)) return [`${file} cannot be parsed`]
  walk(program, (node) => {
    for (const field of ["id", "param", "params", "local"]) for (const name of bindings(node[field])) declared.add(name)
    if (node.type === "Identifier") found.add(nameOf(node))
    if (node.type !== "MemberExpression") return
    if (randomOf(node)) found.add("Math.random")
    if (localised.has(nameOf(node.property))) found.add(nameOf(node.property))
  })
  const aliased = /[={,(]\s*Math\s*[;,)}\n]/.test(code) ? ["Math as a value"] : []
  return [
    ...[...found].filter(
      (name) => name.startsWith("Math.") || localised.has(name) || (globals.has(name) && !declared.has(name))
    ),
    ...aliased
  ].map((name) => `${file} uses ${name}`)
}

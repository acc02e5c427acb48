/** Paths into JSON, as the columns of a CustomResourceDefinition give them (`k8s.io/client-go/util/jsonpath/parser.go`). */
import { Result } from "effect"
import type { Json } from "../../../event/Json.ts"

/** One step. A path is a list of them, each applied to what the one before has found. */
export type Step =
  | { readonly _tag: "Field"; readonly name: string }
  | {
      readonly _tag: "Slice"
      readonly from?: number
      readonly to?: number
      readonly step?: number
      readonly isIndex: boolean
    }
  | { readonly _tag: "Filter"; readonly left: Path; readonly operator: string; readonly right: Path }
  | { readonly _tag: "Union"; readonly paths: ReadonlyArray<Path> }
  | { readonly _tag: "Value"; readonly value: Json; readonly isFloat: boolean }
  | { readonly _tag: "Wildcard" | "Recursive" | "Identifier" }

export type Path = ReadonlyArray<Step>

class Malformed {
  readonly why: string

  constructor(why: string) {
    this.why = why
  }
}

/** Reads a path without its braces; what stands behind a closing brace is text, which no column shows. Fails with Kubernetes' words. */
export const parseJsonPath = (text: string): Result.Result<Path, string> => {
  try {
    return Result.succeed(new Parser(`${text}}`).path())
  } catch (malformed) {
    if (malformed instanceof Malformed) return Result.fail(malformed.why)
    throw malformed
  }
}

const parseInner = (text: string): Path => new Parser(`${text}}`).path()

const LETTER = /[\p{L}\p{Nd}_]/u
const TERMINATOR = /[\s.,[\]$@{}]/
const PREDICATE = /^([^!<>=]+)([!<>=]+)(.+?)$/s

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** Ends before the closing brace. */
  path(): Path {
    const steps: Step[] = []
    for (let next = this.#steps(steps); next !== undefined; next = this.#steps(steps)) steps.push(...next)
    return steps
  }

  #rest(): string {
    return this.#text.slice(this.#at)
  }

  /** What comes next; `undefined` at the end. */
  #steps(before: ReadonlyArray<Step>): ReadonlyArray<Step> | undefined {
    const character = this.#text[this.#at] ?? ""
    if (character === "}") return undefined
    if (this.#rest().startsWith("[?(")) return [this.#filter()]
    if (this.#rest().startsWith("..")) return this.#recursive(before)
    if (character === "" || character === "\n" || character === "\r") throw new Malformed("unclosed action")
    if (" @$".includes(character)) {
      this.#at++
      return []
    }
    if (character === "[") return this.#array()
    if (character === '"' || character === "'") return [this.#quoted(character)]
    if (character === ".") return [this.#field()]
    if (/[+\-\p{Nd}]/u.test(character)) return [this.#number()]
    if (LETTER.test(character)) return [this.#word()]
    throw new Malformed(`unrecognized character in action: ${character}`)
  }

  #recursive(before: ReadonlyArray<Step>): ReadonlyArray<Step> {
    if (before.at(-1)?._tag === "Recursive") throw new Malformed("invalid multiple recursive descent")
    this.#at += 2
    if (!LETTER.test(this.#text[this.#at] ?? "")) return [{ _tag: "Recursive" }]
    this.#at--
    return [{ _tag: "Recursive" }, this.#field()]
  }

  /** From the dot up to a character that ends a name; a backslash makes any other a part of it. */
  #field(): Step {
    const start = ++this.#at
    while (this.#at < this.#text.length && !TERMINATOR.test(this.#text[this.#at] as string))
      this.#at += this.#text[this.#at] === "\\" ? 2 : 1
    const name = this.#text.slice(start, this.#at)
    return name === "*" ? { _tag: "Wildcard" } : { _tag: "Field", name: name.replaceAll("\\", "") }
  }

  #word(): Step {
    const start = this.#at
    while (this.#at < this.#text.length && !TERMINATOR.test(this.#text[this.#at] as string)) this.#at++
    const word = this.#text.slice(start, this.#at)
    return word === "true" || word === "false"
      ? { _tag: "Value", value: word === "true", isFloat: false }
      : { _tag: "Identifier" }
  }

  #number(): Step {
    const literal = /^[+-]?[\p{Nd}.]*/u.exec(this.#rest())?.[0] ?? ""
    this.#at += literal.length
    if (/^[+-]?\d+$/.test(literal)) return { _tag: "Value", value: Number(literal), isFloat: false }
    if (/^[+-]?(\d+\.\d*|\.\d+)$/.test(literal)) return { _tag: "Value", value: Number(literal), isFloat: true }
    throw new Malformed(`cannot parse number ${literal}`)
  }

  #quoted(quote: string): Step {
    let end = this.#at + 1
    while (this.#text[end] !== quote || this.#text[end - 1] === "\\") {
      if (end >= this.#text.length || this.#text[end] === "\n") throw new Malformed("unterminated quoted string")
      end++
    }
    const value = unquote(this.#text.slice(this.#at + 1, end), quote)
    this.#at = end + 1
    return { _tag: "Value", value, isFloat: false }
  }

  #array(): Path {
    const end = this.#text.indexOf("]", this.#at)
    const inside = this.#text.slice(this.#at + 1, end)
    if (end === -1 || inside.includes("\n")) throw new Malformed("unterminated array")
    this.#at = end + 1
    return arrayOf(inside === "*" ? ":" : inside)
  }

  #filter(): Step {
    const start = this.#at + 3
    const end = filterEnd(this.#text, start)
    if (this.#text[end + 1] !== "]") throw new Malformed("unclosed array expect ]")
    this.#at = end + 2
    const inside = this.#text.slice(start, end)
    const [, left, operator, right] = PREDICATE.exec(inside) ?? []
    if (left === undefined || operator === undefined || right === undefined)
      return { _tag: "Filter", left: parseInner(inside), operator: "exists", right: [] }
    return { _tag: "Filter", left: parseInner(left), operator, right: parseInner(right) }
  }
}

/** Where the `)` of a filter stands: not within its one quoted text. */
const filterEnd = (text: string, from: number): number => {
  let [quote, isClosed] = ["", false]
  for (let at = from; at < text.length && text[at] !== "\n"; at++) {
    const character = text[at] as string
    if (character === ")" && (quote === "" || isClosed)) return at
    if (character !== '"' && character !== "'") continue
    if (quote === "") quote = character
    else if (text[at - 1] !== "\\" && character === quote) isClosed = true
  }
  throw new Malformed("unterminated filter")
}

const SLICE = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/

/** What stands between brackets: several of what follows, a name in quotes, an index or a range. */
const arrayOf = (inside: string): Path => {
  const parts = inside.split(",")
  if (parts.length > 1)
    return [{ _tag: "Union", paths: parts.map((part) => parseInner(`[${part.replace(/^ +| +$/g, "")}]`)) }]
  const name = /^'([^']*)'$/.exec(inside)?.[1]
  if (name !== undefined) return parseInner(`.${name}`)
  const found = SLICE.exec(inside)
  if (found === null) throw new Malformed(`invalid array index ${inside}`)
  const [from, to, step] = found.slice(1).map((part) => part?.replace(":", "") || undefined)
  if (from === "-" || to === "-" || step === "-") throw new Malformed("array index - is not a number")
  return [
    {
      _tag: "Slice",
      ...(from === undefined ? {} : { from: Number(from) }),
      ...(to === undefined ? {} : { to: Number(to) }),
      ...(step === undefined ? {} : { step: Number(step) }),
      isIndex: found[2] === undefined
    }
  ]
}

const ESCAPE = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.?))/gs
const controls: { readonly [letter: string]: string } = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  "\\": "\\"
}

/** `strconv.Unquote`, for either quote. */
const unquote = (text: string, quote: string): string =>
  text.replace(ESCAPE, (...groups: ReadonlyArray<string | undefined>) => {
    const [, x, u, long, octal, letter] = groups
    const hex = x ?? u ?? long
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8))
    const character = letter === quote ? quote : controls[letter ?? ""]
    if (character === undefined) throw new Malformed(`unquote string ${quote}${text}${quote} error invalid syntax`)
    return character
  })

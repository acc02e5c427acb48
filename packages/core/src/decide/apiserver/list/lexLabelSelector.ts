/** The words of a label selector (`Lexer`, k8s.io/apimachinery/pkg/labels/selector.go). */

/** `end` is the end of the text; any other kind but `identifier` is the word itself. */
export interface Token {
  readonly kind: "identifier" | "end" | ")" | "," | "!" | "==" | "=" | ">" | "in" | "<" | "!=" | "notin" | "("
  readonly literal: string
}

const ZERO = "\0"
const END: Token = { kind: "end", literal: "" }
const keywords: ReadonlySet<string> = new Set(["in", "notin"])
const special: ReadonlySet<string> = new Set(["=", "!", "(", ")", ",", ">", "<"])
const twoSymbols: ReadonlySet<string> = new Set(["==", "!="])
const whitespace: ReadonlySet<string> = new Set([" ", "\t", "\r", "\n"])

/** All of them, the last one `end`. A zero character ends a word, and where a word should begin the text, as in Go. */
export const lexLabelSelector = (text: string): ReadonlyArray<Token> => {
  const tokens: Token[] = []
  let at = 0
  while (at < text.length && text[at] !== ZERO) {
    const character = text[at] as string
    if (whitespace.has(character)) {
      at++
      continue
    }
    const literal = special.has(character) ? symbolAt(text, at) : wordAt(text, at)
    const isWord = !special.has(character) && !keywords.has(literal)
    tokens.push({ kind: (isWord ? "identifier" : literal) as Token["kind"], literal })
    at += literal.length
    if (text[at] === ZERO) at++
  }
  return [...tokens, END]
}

const symbolAt = (text: string, at: number): string => {
  const two = text.slice(at, at + 2)
  return twoSymbols.has(two) ? two : (text[at] as string)
}

const isEnd = (character: string): boolean => character === ZERO || special.has(character) || whitespace.has(character)

const wordAt = (text: string, from: number): string => {
  let at = from
  while (at < text.length && !isEnd(text[at] as string)) at++
  return text.slice(from, at)
}

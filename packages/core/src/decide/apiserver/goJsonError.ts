/** What Go says about a text that is no JSON object (`encoding/json`, scanner.go). */

const SPACE = /[ \t\r\n]/

class Stop {
  readonly message: string

  constructor(message: string) {
    this.message = message
  }
}

/** As `quoteChar` shows it. */
const shownCharacter = (character: string): string =>
  character === "'" ? "'\\''" : character === '"' ? "'\"'" : `'${JSON.stringify(character).slice(1, -1)}'`

/** Reads one text; it stops at the first character that cannot stand where it stands. */
class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): void {
    this.#value()
    this.#space()
    if (this.#at < this.#text.length) this.#fail("after top-level value")
  }

  #peek(): string {
    const character = this.#text[this.#at]
    if (character === undefined) throw new Stop("unexpected end of JSON input")
    return character
  }

  #fail(context: string): never {
    throw new Stop(`invalid character ${shownCharacter(this.#peek())} ${context}`)
  }

  #space(): void {
    while (SPACE.test(this.#text[this.#at] ?? "")) this.#at++
  }

  /** `true` and its like. */
  #word(word: string): void {
    for (const character of word) {
      if (this.#peek() !== character) this.#fail(`in literal ${word} (expecting ${shownCharacter(character)})`)
      this.#at++
    }
  }

  #value(): void {
    this.#space()
    const character = this.#peek()
    if (character === "{") return this.#object()
    if (character === "[") return this.#array()
    if (character === '"') return this.#string()
    if (character === "-" || /[0-9]/.test(character)) return this.#number()
    const word = ["true", "false", "null"].find((one) => one.startsWith(character))
    if (word === undefined) this.#fail("looking for beginning of value")
    this.#word(word)
  }

  #object(): void {
    this.#at++
    this.#space()
    if (this.#peek() === "}") return void this.#at++
    for (;;) {
      this.#space()
      if (this.#peek() !== '"') this.#fail("looking for beginning of object key string")
      this.#string()
      this.#space()
      if (this.#peek() !== ":") this.#fail("after object key")
      this.#at++
      this.#value()
      this.#space()
      if (this.#peek() === "}") return void this.#at++
      if (this.#peek() !== ",") this.#fail("after object key:value pair")
      this.#at++
    }
  }

  #array(): void {
    this.#at++
    this.#space()
    if (this.#peek() === "]") return void this.#at++
    for (;;) {
      this.#value()
      this.#space()
      if (this.#peek() === "]") return void this.#at++
      if (this.#peek() !== ",") this.#fail("after array element")
      this.#at++
    }
  }

  #string(): void {
    this.#at++
    for (;;) {
      const character = this.#peek()
      if (character < " ") this.#fail("in string literal")
      this.#at++
      if (character === '"') return
      if (character === "\\") this.#escape()
    }
  }

  #escape(): void {
    const character = this.#peek()
    if (!/["\\/bfnrtu]/.test(character)) this.#fail("in string escape code")
    this.#at++
    if (character !== "u") return
    for (let i = 0; i < 4; i++) {
      if (!/[0-9a-fA-F]/.test(this.#peek())) this.#fail("in \\u hexadecimal character escape")
      this.#at++
    }
  }

  #digits(context: string): void {
    if (!/[0-9]/.test(this.#peek())) this.#fail(context)
    while (/[0-9]/.test(this.#text[this.#at] ?? "")) this.#at++
  }

  #number(): void {
    if (this.#peek() === "-") this.#at++
    if (this.#peek() === "0") this.#at++
    else this.#digits("in numeric literal")
    if (this.#text[this.#at] === ".") {
      this.#at++
      this.#digits("after decimal point in numeric literal")
    }
    if (!/[eE]/.test(this.#text[this.#at] ?? "")) return
    this.#at++
    if (/[+-]/.test(this.#peek())) this.#at++
    this.#digits("in exponent of numeric literal")
  }
}

const wordOf = (value: unknown): string =>
  Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value

/** `undefined` for an object, and for a text that is none (bytes that Go reads as they are). */
export const goJsonError = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  try {
    new Scanner(text).document()
  } catch (stop) {
    if (stop instanceof Stop) return stop.message
    throw stop
  }
  const value: unknown = JSON.parse(text)
  if (value === null || (typeof value === "object" && !Array.isArray(value))) return undefined
  return `json: cannot unmarshal ${wordOf(value)} into Go value of type map[string]interface {}`
}

/** The text in a field of bytes, which Kubernetes writes as base64 of UTF-8. */

/** `undefined` for what is no base64 or no text. */
export const textOfBase64 = (encoded: string): string | undefined => {
  try {
    const bytes = [...atob(encoded)].map((byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, "0")}`)
    return decodeURIComponent(bytes.join(""))
  } catch {
    return undefined
  }
}

export const base64OfText = (text: string): string =>
  btoa(encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number(`0x${hex}`))))

const ALPHABET = /[A-Za-z0-9+/]/

/** Where Go stops to read a text that is no base64 (`encoding/base64`, CorruptInputError); `undefined` if it is some. */
export const corruptBase64At = (encoded: string): number | undefined => {
  let inQuantum = 0
  for (let at = 0; at < encoded.length; at++) {
    const character = encoded[at] ?? ""
    if (character === "\n" || character === "\r") continue
    if (ALPHABET.test(character)) {
      inQuantum = (inQuantum + 1) % 4
      continue
    }
    if (character !== "=" || inQuantum < 2) return at
    return corruptPaddingAt(encoded, at, inQuantum)
  }
  return inQuantum === 0 ? undefined : encoded.length - inQuantum
}

/** What follows the first `=`: one more if two characters were missing, and nothing behind it. */
const corruptPaddingAt = (encoded: string, first: number, inQuantum: number): number | undefined => {
  const skipped = (from: number): number => {
    let at = from
    while (encoded[at] === "\n" || encoded[at] === "\r") at++
    return at
  }
  let at = skipped(first + 1)
  if (inQuantum === 2) {
    if (encoded[at] !== "=") return at
    at = skipped(at + 1)
  }
  return at < encoded.length ? at : undefined
}

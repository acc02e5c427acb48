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

/** Where a property of texts cannot hold because JSON.parse does not. */
import { canonical } from "../event/Json.ts"

/**
 * `JSON.parse` of V8 13.6 itself gives another value back than was written. It guesses an object's next key from objects of the
 * same shape that it has seen, and compares the guess with the text as it stands, escapes and all: after `{"a":1,"\\":2}` it
 * reads `{"a":1,"\u0001":2}` as the former. It takes a key with a backslash, so no log of Kubernetes objects meets it; random
 * keys do, and no property of ours can hold on them.
 */
export const garbledByParser = (text: string, canonicalText = text): boolean =>
  canonical(JSON.parse(text)) !== canonicalText

/** FNV-1a of 128 bits, as sixteen bytes in hexadecimal digits (Go's `hash/fnv`, New128a). */

const OFFSET = 0x6c62272e07bb014262b821756295c58dn
const PRIME = 0x0000000001000000000000000000013bn

export const fnv128a = (text: string): string => {
  let hash = OFFSET
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(128, (hash ^ BigInt(byte)) * PRIME)
  return hash.toString(16).padStart(32, "0")
}

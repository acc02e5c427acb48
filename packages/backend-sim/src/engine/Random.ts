/**
 * Chance, by counter: the n-th draw of an entity is a function of (seed, entity, n) and of nothing else.
 *
 * One draw more in one place therefore moves nothing anywhere else. The function is Threefry-2x32 with 20 rounds (Salmon and
 * others, "Parallel random numbers: as easy as 1, 2, 3", 2011): additions, rotations and exclusive-ors of 32-bit words only.
 */
import type { Micros } from "@kubereel/core"

/** `k8s.io/apimachinery/pkg/util/rand`: no vowels, no digits that look like them. */
const SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"

const HEX = "0123456789abcdef"
const DASH = "-".charCodeAt(0)

const PARITY = 0x1bd11bda

const rotate = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

/** The result of `threefry`: two words, overwritten by the next call, so that a draw allocates nothing. */
const out = new Int32Array(2)

/** Enciphers the block (x, y) with the key (k0, k1). */
const threefry = (k0: number, k1: number, x: number, y: number): void => {
  const k2 = PARITY ^ k0 ^ k1
  let a = (x + k0) | 0
  let b = (y + k1) | 0
  for (let group = 0; group < 5; group++) {
    const even = group % 2 === 0
    a = (a + b) | 0
    b = rotate(b, even ? 13 : 17) ^ a
    a = (a + b) | 0
    b = rotate(b, even ? 15 : 29) ^ a
    a = (a + b) | 0
    b = rotate(b, even ? 26 : 16) ^ a
    a = (a + b) | 0
    b = rotate(b, even ? 6 : 24) ^ a
    const turn = (group + 1) % 3
    a = (a + (turn === 0 ? k0 : turn === 1 ? k1 : k2)) | 0
    b = (b + (turn === 0 ? k1 : turn === 1 ? k2 : k0) + group + 1) | 0
  }
  out[0] = a
  out[1] = b
}

/** The two words that `threefry` makes of a block: for comparing with the published test vectors. */
export const threefry2x32 = (
  key: readonly [number, number],
  block: readonly [number, number]
): readonly [number, number] => {
  threefry(key[0], key[1], block[0], block[1])
  return [out[0]! >>> 0, out[1]! >>> 0]
}

/** Where digits are put together: made once, as objects have many names. */
const codes: Array<number> = []
const dashed: Array<number> = []

const writeDigits = (from: number, word: number): void => {
  for (let i = 0; i < 8; i++) codes[from + i] = HEX.charCodeAt((word >>> (28 - 4 * i)) & 15)
}

/** One entity's draws, in order. */
export class RandomStream {
  private readonly k0: number
  private readonly k1: number
  private drawn: number

  /** The next draw is number `drawn`, counted from 0. */
  constructor(seed: number, entity: string, drawn = 0) {
    let [k0, k1] = [seed | 0, Math.floor(seed / 2 ** 32) | 0]
    // Four code units a block, each block's cipher laid over it, the length last: no two names share a key but by chance.
    for (let i = 0; i < entity.length; i += 4) {
      const x = entity.charCodeAt(i) | (entity.charCodeAt(i + 1) << 16)
      const y = entity.charCodeAt(i + 2) | (entity.charCodeAt(i + 3) << 16)
      threefry(k0, k1, x, y)
      k0 = out[0]! ^ x
      k1 = out[1]! ^ y
    }
    threefry(k0, k1, entity.length, -1)
    this.k0 = out[0]!
    this.k1 = out[1]!
    this.drawn = drawn
  }

  /** How many draws were made: what to hand on to whoever goes on with this stream. */
  get count(): number {
    return this.drawn
  }

  /** In [0, 1), 53 bits. One draw. */
  next(): number {
    this.draw()
    return ((out[0]! >>> 0) * 2 ** 21 + (out[1]! >>> 11)) / 2 ** 53
  }

  /** What `next` would give as draw number `index`; draws nothing. */
  at(index: number): number {
    threefry(this.k0, this.k1, index | 0, Math.floor(index / 2 ** 32) | 0)
    return ((out[0]! >>> 0) * 2 ** 21 + (out[1]! >>> 11)) / 2 ** 53
  }

  /** A whole number in [0, n). One draw. */
  int(n: number): number {
    return Math.floor(this.next() * n)
  }

  /** In [lo, hi). One draw. */
  uniform(lo: number, hi: number): number {
    return lo + this.next() * (hi - lo)
  }

  /** Whole microseconds from `lo` to `hi`, both included. One draw. */
  micros(lo: Micros, hi: Micros): Micros {
    return lo + this.int(hi - lo + 1)
  }

  /** So many lower-case hexadecimal digits. One draw for each sixteen. */
  hex(digits: number): string {
    return String.fromCharCode(...this.hexCodes(digits).slice(0, digits))
  }

  /** The character codes of so many digits or a few more, good until the next call: a text made of them at once is small, one that is put together is not. */
  private hexCodes(digits: number): ReadonlyArray<number> {
    for (let from = 0; from < digits; from += 16) {
      this.draw()
      writeDigits(from, out[0]!)
      writeDigits(from + 8, out[1]!)
    }
    return codes
  }

  /** A UUID of version 4, as `metadata.uid` is. Two draws. */
  uuid(): string {
    const digits = this.hexCodes(32)
    let at = 0
    for (let i = 0; i < 32; i++) {
      if (i === 8 || i === 12 || i === 16 || i === 20) dashed[at++] = DASH
      dashed[at++] = digits[i]!
    }
    dashed[14] = HEX.charCodeAt(4)
    dashed[19] = HEX.charCodeAt(8 + (HEX.indexOf(String.fromCharCode(digits[16]!)) % 4))
    return String.fromCharCode.apply(undefined, dashed)
  }

  /** What the API server appends to `generateName` (five letters there). One draw a letter. */
  suffix(length: number): string {
    let text = ""
    for (let i = 0; i < length; i++) text += SUFFIX_ALPHABET[this.int(SUFFIX_ALPHABET.length)]!
    return text
  }

  private draw(): void {
    threefry(this.k0, this.k1, this.drawn | 0, Math.floor(this.drawn / 2 ** 32) | 0)
    this.drawn++
  }
}

/** The stream of one entity, from its first draw on. Whoever asks twice draws the same twice: keep it. */
export const stream = (seed: number, entity: string): RandomStream => new RandomStream(seed, entity)

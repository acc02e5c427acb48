/** A set of 32,768 small integers on a ring: three levels of 32-bit words, so that the next member is three look-ups away. */

const FAN = 32
export const RING = FAN * FAN * FAN

const lowest = (word: number): number => 31 - Math.clz32(word & -word)

/** The lowest bit of `word` at or above `bit`, or -1. */
const from = (word: number, bit: number): number => {
  if (bit >= FAN) return -1
  const rest = word & (-1 << bit)
  return rest === 0 ? -1 : lowest(rest)
}

export class BucketSet {
  private readonly leaves = new Int32Array(FAN * FAN)
  private readonly middle = new Int32Array(FAN)
  private top = 0

  add(bucket: number): void {
    this.leaves[bucket >> 5]! |= 1 << (bucket & 31)
    this.middle[bucket >> 10]! |= 1 << ((bucket >> 5) & 31)
    this.top |= 1 << (bucket >> 10)
  }

  delete(bucket: number): void {
    if ((this.leaves[bucket >> 5]! &= ~(1 << (bucket & 31))) !== 0) return
    if ((this.middle[bucket >> 10]! &= ~(1 << ((bucket >> 5) & 31))) !== 0) return
    this.top &= ~(1 << (bucket >> 10))
  }

  /** How many steps it is from `bucket` to the next member, itself included, going round; -1 if there is none. */
  distance(bucket: number): number {
    const found = this.ceiling(bucket)
    if (found >= 0) return found - bucket
    const wrapped = this.ceiling(0)
    return wrapped >= 0 ? wrapped + RING - bucket : -1
  }

  private ceiling(bucket: number): number {
    const near = from(this.leaves[bucket >> 5]!, bucket & 31)
    if (near >= 0) return (bucket & ~31) | near
    let group = bucket >> 10
    let leaf = from(this.middle[group]!, ((bucket >> 5) & 31) + 1)
    if (leaf < 0) {
      group = from(this.top, group + 1)
      if (group < 0) return -1
      leaf = lowest(this.middle[group]!)
    }
    const index = group * FAN + leaf
    return index * FAN + lowest(this.leaves[index]!)
  }
}

/** Which events may have an identity: a hash table of 32-bit fingerprints, twelve bytes an event or a little more. */

/** FNV-1a. */
const fingerprint = (id: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash ^ id.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** Names candidates only: the caller compares the true identities. */
export class IdIndex {
  #prints = new Uint32Array(1_024)
  /** 0 marks a free place. */
  #seqs = new Uint32Array(1_024)
  #size = 0

  add(id: string, seq: number): void {
    if (this.#size * 3 >= this.#seqs.length * 2) this.#grow()
    this.#place(fingerprint(id), seq)
    this.#size++
  }

  /** Numbers of events that may have this identity; all that do are among them. */
  *candidates(id: string): Generator<number> {
    const print = fingerprint(id)
    const mask = this.#seqs.length - 1
    for (let slot = print & mask; this.#seqs[slot] !== 0; slot = (slot + 1) & mask) {
      if (this.#prints[slot] === print) yield this.#seqs[slot] as number
    }
  }

  /** Forgets the events for which that holds. */
  forget(isGone: (seq: number) => boolean): void {
    const [prints, seqs] = [this.#prints, this.#seqs]
    this.#prints = new Uint32Array(prints.length)
    this.#seqs = new Uint32Array(seqs.length)
    this.#size = 0
    for (const [slot, seq] of seqs.entries()) {
      if (seq === 0 || isGone(seq)) continue
      this.#place(prints[slot] as number, seq)
      this.#size++
    }
  }

  #place(print: number, seq: number): void {
    const mask = this.#seqs.length - 1
    let slot = print & mask
    while (this.#seqs[slot] !== 0) slot = (slot + 1) & mask
    this.#prints[slot] = print
    this.#seqs[slot] = seq
  }

  #grow(): void {
    const [prints, seqs] = [this.#prints, this.#seqs]
    this.#prints = new Uint32Array(prints.length * 2)
    this.#seqs = new Uint32Array(seqs.length * 2)
    for (const [slot, seq] of seqs.entries()) if (seq !== 0) this.#place(prints[slot] as number, seq)
  }
}

/** Which lives have a name, or an address, at the same time: one, where all is well. */

export class Names {
  readonly #newest = new Map<string, string>()
  /** Of the few names that more than one has. */
  readonly #older = new Map<string, ReadonlyArray<string>>()

  add(name: string, life: string): void {
    const known = this.#newest.get(name)
    if (known === life) return
    const older = this.#older.get(name)
    if (older?.includes(life)) return
    this.#newest.set(name, life)
    if (known !== undefined) this.#older.set(name, [...(older ?? []), known])
  }

  remove(name: string, life: string): void {
    const older = this.#older.get(name) ?? []
    const rest = older.filter((one) => one !== life)
    if (this.#newest.get(name) === life) {
      const heir = rest.pop()
      if (heir === undefined) this.#newest.delete(name)
      else this.#newest.set(name, heir)
    }
    if (rest.length === 0) this.#older.delete(name)
    else this.#older.set(name, rest)
  }

  newest(name: string): string | undefined {
    return this.#newest.get(name)
  }

  /** In the order in which they were added. */
  all(name: string): ReadonlyArray<string> {
    const newest = this.#newest.get(name)
    return newest === undefined ? [] : [...(this.#older.get(name) ?? []), newest]
  }
}

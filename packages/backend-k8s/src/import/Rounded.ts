/** Numbers of a recording that could not be kept as they stand: said once, with the place of the first. */
import type { Warned } from "@kubereel/core"

export class Rounded {
  #first: string | undefined
  #others = 0

  see(file: string, { line, rounded }: { readonly line: number; readonly rounded?: string | undefined }): void {
    if (rounded === undefined) return
    if (this.#first === undefined) this.#first = `${file}:${line}: the number ${rounded}`
    else this.#others++
  }

  said(): ReadonlyArray<Warned> {
    if (this.#first === undefined) return []
    const others = this.#others === 0 ? "" : `, and so were others in ${this.#others} values`
    return [{ _tag: "Warned", message: `${this.#first} has more digits than can be kept; it was rounded${others}` }]
  }
}

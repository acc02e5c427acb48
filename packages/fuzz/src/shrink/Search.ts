/** The search for a smaller scenario in which the same property fails: what it is now, and what may still be tried. */
import { decodeScenario, type JsonObject, type Scenario } from "@kubereel/core"
import { Result } from "effect"

/** The id of the property that fails when the scenario is played; `undefined`: all of them hold. */
export type Oracle = (scenario: Scenario, document: JsonObject) => string | undefined

/** `undefined` also for a document that is no scenario. */
export const ask = (oracle: Oracle, document: JsonObject): string | undefined => {
  const decoded = decodeScenario(document)
  return Result.isSuccess(decoded) ? oracle(decoded.success, document) : undefined
}

export interface Limits {
  /** How many scenarios may be tried. */
  readonly runs: number
  /** Asked before each of them: is it time to stop? */
  readonly isLate: () => boolean
}

export class Search {
  readonly property: string
  readonly #oracle: Oracle
  readonly #limits: Limits
  readonly #tried = new Set<string>()
  readonly #others = new Map<string, JsonObject>()
  #current: JsonObject
  #runs = 0
  #refused = false

  /** `document` is one in which `property` fails. */
  constructor(document: JsonObject, property: string, oracle: Oracle, limits: Limits) {
    this.#current = document
    this.property = property
    this.#oracle = oracle
    this.#limits = limits
    this.#tried.add(JSON.stringify(document))
  }

  /** The smallest one so far. */
  get current(): JsonObject {
    return this.#current
  }

  get runs(): number {
    return this.#runs
  }

  /** Something was left untried because a limit was reached. */
  get isCutShort(): boolean {
    return this.#refused
  }

  /** Of other properties that failed on the way, the smallest scenario each. */
  get others(): ReadonlyMap<string, JsonObject> {
    return this.#others
  }

  /** Takes the candidate if it is a scenario and the same property fails in it. One that was tried before is not tried again. */
  try(candidate: JsonObject): boolean {
    const text = JSON.stringify(candidate)
    if (this.#tried.has(text)) return false
    if (this.#runs >= this.#limits.runs || this.#limits.isLate()) {
      this.#refused = true
      return false
    }
    this.#tried.add(text)
    this.#runs++
    const failed = ask(this.#oracle, candidate)
    if (failed === this.property) {
      this.#current = candidate
      return true
    }
    if (failed !== undefined) this.#keep(failed, candidate, text)
    return false
  }

  /** The first few are enough to go on with. */
  #keep(property: string, document: JsonObject, text: string): void {
    const known = this.#others.get(property)
    if (known === undefined ? this.#others.size < 3 : text.length < JSON.stringify(known).length)
      this.#others.set(property, document)
  }
}

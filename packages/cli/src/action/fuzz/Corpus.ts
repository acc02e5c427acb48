/** The directory of a campaign: how far it is, and the failures that were found. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { JsonObject } from "@kubereel/core"
import { type Draws, failureText, type Progress } from "@kubereel/fuzz"
import { Complaint, exitCodes } from "../../exitCode.ts"

/** What a campaign was when it stopped. */
export interface Saved {
  readonly schemaVersion: 1
  readonly draws: Draws
  /** Ids of the properties that were checked. */
  readonly properties: ReadonlyArray<string>
  /** The version of kubereel: another one may draw other scenarios. */
  readonly version: string
  /** The first case that was not played. */
  readonly next: number
  readonly progress: Progress
}

const io = (problem: string, cause: unknown) =>
  new Complaint({
    code: exitCodes.io,
    problem: `${problem}: ${cause instanceof Error ? cause.message : String(cause)}`
  })

/** Throws a `Complaint` for what cannot be read or written. */
export class Corpus {
  readonly directory: string

  constructor(directory: string) {
    this.directory = directory
  }

  get #state(): string {
    return join(this.directory, "campaign.json")
  }

  get #failures(): string {
    return join(this.directory, "failures")
  }

  saved(): Saved | undefined {
    if (!existsSync(this.#state)) return undefined
    try {
      const saved = JSON.parse(readFileSync(this.#state, "utf8")) as Saved
      if (saved.schemaVersion === 1) return saved
    } catch (cause) {
      throw io(`${this.#state} cannot be read; begin anew with --again`, cause)
    }
    throw new Complaint({
      code: exitCodes.badData,
      problem: `${this.#state} is of another version of kubereel; begin anew with --again`
    })
  }

  save(saved: Saved): void {
    this.#write(this.#state, `${JSON.stringify(saved, undefined, 1)}\n`)
  }

  forget(): void {
    rmSync(this.#state, { force: true })
  }

  /** Paths of the failures that were found before, in the order of their names. */
  failures(): ReadonlyArray<string> {
    if (!existsSync(this.#failures)) return []
    return readdirSync(this.#failures)
      .filter((name) => name.endsWith(".yaml"))
      .sort()
      .map((name) => join(this.#failures, name))
  }

  /** Keeps a failing scenario; the answer is its path. */
  add(name: string, document: JsonObject): string {
    const path = join(this.#failures, `${name.replaceAll(/[^\w.-]+/g, "-")}.yaml`)
    this.#write(path, failureText(document))
    return path
  }

  #write(path: string, text: string): void {
    try {
      mkdirSync(join(path, ".."), { recursive: true })
      writeFileSync(path, text)
    } catch (cause) {
      throw io(`${path} cannot be written`, cause)
    }
  }
}

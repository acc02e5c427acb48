/** Which calls to a runtime fail, because a scenario wants it. */
import { globMatches, type Instant, type Intention } from "@kubereel/core"

export type Fault = Extract<Intention, { readonly _tag: "Fault" }>

interface Active {
  readonly fault: Fault
  readonly until: number
}

export class Faults {
  #active: ReadonlyArray<Active> = []

  add(fault: Fault, now: Instant): void {
    this.#active = [{ fault, until: now + (fault.for ?? Number.POSITIVE_INFINITY) }, ...this.#active]
  }

  remove(fault: Fault): void {
    this.#active = this.#active.filter((one) => one.fault !== fault)
  }

  clear(): void {
    this.#active = []
  }

  /** What the runtime says instead of doing it for that pod; the newest fault counts. */
  message(call: Fault["call"], pod: string, now: Instant): string | undefined {
    return this.#active.find(({ fault, until }) => fault.call === call && now < until && globMatches(fault.pod, pod))
      ?.fault.message
  }
}

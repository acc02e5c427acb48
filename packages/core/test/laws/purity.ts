/** Makes impure code fail: arguments that cannot be changed, and a world without clocks and chance. */

/** Throws on every write from now on (all of this is strict code). */
export const deepFrozen = <T>(value: T): T => {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) deepFrozen(part)
  return value
}

const poisoned = [
  "Date",
  "setTimeout",
  "setInterval",
  "setImmediate",
  "queueMicrotask",
  "crypto",
  "performance",
  "fetch"
] as const

const refuse = (name: string) => () => {
  throw new Error(`${name} was used by code that must be pure`)
}

/** What `evaluate` answers while the clock, timers, the network and every source of chance throw when touched. */
export const withoutChance = <A>(evaluate: () => A): A => {
  const kept = poisoned.map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const)
  const random = Math.random
  try {
    for (const name of poisoned) {
      Object.defineProperty(globalThis, name, { configurable: true, get: refuse(name) })
    }
    Math.random = refuse("Math.random")
    return evaluate()
  } finally {
    Math.random = random
    for (const [name, descriptor] of kept)
      if (descriptor !== undefined) Object.defineProperty(globalThis, name, descriptor)
  }
}

/** Waiting for what a server and its clients do in their own time. */

/** Asks until the answer holds, and says what was answered last when it never did. An error is an answer, too. */
export const eventually = async <A>(
  what: string,
  ask: () => A | Promise<A>,
  holds: (answer: A) => boolean,
  seconds = 30
): Promise<A> => {
  let last: unknown = "nothing"
  for (let left = seconds * 10; left > 0; left--) {
    try {
      const answer = await ask()
      if (holds(answer)) return answer
      last = answer
    } catch (cause) {
      last = cause
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  const shown = typeof last === "string" ? last : last instanceof Error ? last.message : JSON.stringify(last)
  throw new Error(`${what}: not within ${seconds} s; last answer: ${shown}`)
}

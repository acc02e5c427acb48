/** The one pod of a history that a user names. */
import { onlyPod, type Timeline } from "@kubereel/core"
import { Effect } from "effect"
import { Complaint, exitCodes } from "../exitCode.ts"

/** Fails where the pod that was asked for is not in the history, and names those that are. */
export const choosePod = (file: string, all: Timeline, pod: string): Effect.Effect<Timeline, Complaint> => {
  const one = onlyPod(all, pod)
  if (one.lives.length > 0) return Effect.succeed(one)
  const names = [
    ...new Set(all.lives.flatMap(({ kind, name, namespace }) => (kind === "Pod" ? [`${namespace}/${name}`] : [])))
  ]
  const known =
    names.length === 0
      ? "there are none"
      : `there are ${names.slice(0, 10).join(", ")}${names.length > 10 ? ", …" : ""}`
  return Effect.fail(new Complaint({ code: exitCodes.noInput, problem: `${file}: has no pod ${pod}; ${known}` }))
}

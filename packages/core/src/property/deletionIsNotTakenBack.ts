/** L4: whoever deletes may only shorten what is left. */
import { lifeOf, type PodLaw, step } from "./PodLaw.ts"

const marked = (deletionTimestamp: string, deletionGracePeriodSeconds: number) => ({
  metadata: { name: "p", deletionTimestamp, deletionGracePeriodSeconds }
})

export const deletionIsNotTakenBack: PodLaw = {
  id: "L4",
  sentence: "a deletion is never taken back, and its grace period only shrinks",
  source: "k8s.io/apiserver pkg/registry/rest/delete.go, BeforeDelete",
  violatedAt: step(({ metadata: before }, { metadata: after }) => {
    if (before.deletionTimestamp === undefined) return true
    if (after.deletionTimestamp === undefined) return false
    return (after.deletionGracePeriodSeconds ?? 0) <= (before.deletionGracePeriodSeconds ?? 0)
  }),
  counterexample: lifeOf(marked("2026-01-01T00:00:10Z", 10), marked("2026-01-01T00:00:30Z", 30))
}

/** What each node is worth (`pkg/scheduler/schedule_one.go`, prioritizeNodes). */
import type { PluginName, ScoreRequest, Scorer } from "./Plugin.ts"
import { scorers } from "./plugins.ts"

/** What one rule gives, before its weight, by node. */
export interface PluginScores {
  readonly plugin: PluginName
  readonly weight: number
  readonly scores: Float64Array
}

const give = ({ constant, normalize, score }: Scorer, nodes: ScoreRequest["nodes"], scores: Float64Array): void => {
  if (constant !== undefined) return void scores.fill(constant)
  for (let index = 0; index < nodes.length; index++) {
    const node = nodes[index]
    if (node !== undefined) scores[index] = score(node)
  }
  normalize?.(scores, nodes.length)
}

/** `each`: is told what each rule that has something to say gives; its array is used again for the next one. */
const scored = (request: ScoreRequest, each: (scores: PluginScores) => void): void => {
  const { nodes } = request
  const scores = new Float64Array(nodes.length)
  for (const { name, prepare, weight } of scorers) {
    const scorer = prepare(request)
    if (scorer === undefined) continue
    give(scorer, nodes, scores)
    each({ plugin: name, weight, scores })
  }
}

/** The weighted sum of all scores, one for each node. */
export const totalScores = (request: ScoreRequest): Float64Array => {
  const totals = new Float64Array(request.nodes.length)
  scored(request, ({ scores, weight }) => {
    for (let index = 0; index < totals.length; index++)
      totals[index] = (totals[index] ?? 0) + weight * (scores[index] ?? 0)
  })
  return totals
}

/** What every rule that has something to say gives. */
export const scoresByPlugin = (request: ScoreRequest): ReadonlyArray<PluginScores> => {
  const all: Array<PluginScores> = []
  scored(request, (given) => all.push({ ...given, scores: given.scores.slice() }))
  return all
}

/** A calibration as the document that `nodes[].profile` of a scenario may name. */

import { MILLISECOND } from "../../event/Instant.ts"
import type { JsonObject } from "../../event/Json.ts"
import type { Calibration } from "./calibrate.ts"
import type { Estimate } from "./estimates.ts"

const durations = (estimates: ReadonlyArray<Estimate>, part: Estimate["part"]): JsonObject =>
  Object.fromEntries(
    estimates
      .filter((estimate) => estimate.part === part)
      .map(({ distribution, how, name, source }) => {
        const { max, median, min, p95, samples } = distribution
        return [name, { ms: [min, median, p95, max].map((value) => value / MILLISECOND), samples, how, source }]
      })
  )

/** `recordings`: what they are called. What could not be estimated is not in it and stays as in the default profile. */
export const profileDocument = ({ estimates, pods }: Calibration, recordings: ReadonlyArray<string>): JsonObject => ({
  apiVersion: "kubereel.dev/v1alpha1",
  kind: "Profile",
  recordings,
  pods,
  node: durations(estimates, "node"),
  scheduler: durations(estimates, "controlPlane")
})

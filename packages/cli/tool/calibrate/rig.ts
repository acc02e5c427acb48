/** The default profile, as far as it is measured: what `calibrate` says of the shipped recordings, as a source file. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import * as NodeServices from "@effect/platform-node/NodeServices"
import {
  type Calibration,
  Calibrator,
  type Distribution,
  type Estimate,
  MILLISECOND,
  notToldApart
} from "@kubereel/core"
import { Effect, Result } from "effect"
import { collect, openHistory } from "../../src/input/openHistory.ts"
import { parseScenario } from "../../src/scenario/loadScenario.ts"

const root = join(import.meta.dirname, "../../../..")

export const rigFile = join(root, "packages", "backend-sim", "src", "profile", "rig.ts")

/** Where a scenario does something to a node, a kubelet may stand still for a while, which is not how long it takes. */
const isQuiet = (recording: string): boolean => {
  const name = recording.replace(/\.\d+\.jsonl\.gz$/, "")
  const scenario = parseScenario(readFileSync(join(root, "scenarios", `${name}.yaml`), "utf8"), name)
  return Result.getOrThrow(scenario).steps.every(({ intention }) => intention._tag !== "Node")
}

/** Its header says whether the machine was busy with other things beside the cluster: then everything took longer. */
const isBusy = (recording: string): boolean => {
  const [header = ""] = gunzipSync(readFileSync(join(root, "recordings", recording)))
    .toString()
    .split("\n", 1)
  return (JSON.parse(header) as { readonly machine?: string }).machine === "busy"
}

const files: ReadonlyArray<string> = readdirSync(join(root, "recordings"))
  .filter((file) => file.endsWith(".jsonl.gz") && isQuiet(file) && !isBusy(file))
  .toSorted()

export const calibrateShipped: Effect.Effect<Calibration, unknown> = Effect.gen(function* () {
  const calibrator = new Calibrator()
  for (const file of files) {
    const events = yield* Effect.flatMap(openHistory(join(root, "recordings", file)), collect)
    for (const event of events) calibrator.add(event)
    calibrator.next()
  }
  return calibrator.finish()
}).pipe(Effect.provide(NodeServices.layer))

const milliseconds = ({ max, median, min, p95 }: Distribution): string =>
  [min, median, p95, max].map((value) => Math.round(value / MILLISECOND)).join(", ")

const thousands = (value: string): string => value.replaceAll(/\B(?=(\d{3})+(?!\d))/g, "_")

const entry = ({ distribution, how, name, source }: Estimate): string =>
  [
    `  // ${how === "measured" ? "" : "split assumed: "}${source}, ${distribution.samples} samples`,
    `  ${name}: ms(${milliseconds(distribution).split(", ").map(thousands).join(", ")})`
  ].join("\n")

const entries = (estimates: ReadonlyArray<Estimate>, part: Estimate["part"]): string =>
  estimates
    .filter((estimate) => estimate.part === part)
    .map(entry)
    .join(",\n")

/** What has no place here, and why. */
const missing = notToldApart.map((words) => ` * - ${words}`).join("\n")

export const rigSource = ({ estimates, pods }: Calibration): string => `/**
 * Measured: what \`kubereel calibrate\` says of the ${files.length} shipped recordings in which nothing is done to a node (${pods} pods).
 * Written by \`npm run calibrate\`; least, median, 95th percentile and largest value in milliseconds.
 *
 * Recordings do not tell these apart, so they are not here:
${missing}
 */
import { ms } from "./quantiles.ts"

export const measuredNode = {
${entries(estimates, "node")}
} as const

export const measuredScheduler = {
${entries(estimates, "controlPlane")}
} as const
`

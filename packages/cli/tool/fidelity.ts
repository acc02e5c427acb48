/** Writes `docs/fidelity.md`; `--check` only says whether it would be another one. */
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { Effect } from "effect"
import { fidelityPage, notesIn } from "./fidelity/document.ts"
import { measureAll } from "./fidelity/measure.ts"

const docs = join(import.meta.dirname, "../../../docs")
const page = join(docs, "fidelity.md")

const notes = notesIn(readFileSync(join(docs, "fidelity.notes.md"), "utf8"))
const text = fidelityPage(await Effect.runPromise(measureAll), notes)
if (!process.argv.includes("--check")) writeFileSync(page, text)
else if (readFileSync(page, "utf8") !== text) {
  process.stderr.write("docs/fidelity.md: the simulator does something else by now; run `npm run fidelity`\n")
  process.exitCode = 1
}

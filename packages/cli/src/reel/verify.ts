/** The hash chain of a reel, computed again from the events themselves. */
import { DamagedLog, encode, type Head } from "@kubereel/core"
import { link } from "./Container.ts"
import { pages, type ReelReader, type Stored } from "./ReelReader.ts"

/** The text as it was appended, whatever version wrote it. */
const textOf = ({ content, version }: Stored): string => encode({ _tag: "Unknown", version, content: content as never })

/** Reads everything from where the chain is known (0: its beginning) up to the head and shows each event. Throws `DamagedLog`. */
export const verify = (reader: ReelReader, from: Head, head: Head, visit: (stored: Stored) => void): void => {
  let chain = from.hash
  let atHead = from.hash
  for (const page of pages(reader, from.seq + 1, head.seq)) {
    for (const stored of page.events) {
      chain = link(chain, textOf(stored))
      if (stored.seq === head.seq) atHead = chain
      visit(stored)
    }
    const [first] = page.events
    if (first !== undefined && page.damage === undefined && chain !== page.hash) {
      throw new DamagedLog({ seq: first.seq, detail: "the hash chain is broken in its block" })
    }
  }
  if (atHead !== head.hash) throw new DamagedLog({ seq: head.seq, detail: "the hash chain does not lead to the head" })
}

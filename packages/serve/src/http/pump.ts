/** Pieces of text that come as they are written, until they end or nobody wants them any more. */
export const pump = (
  pieces: AsyncIterable<string>,
  to: { readonly write: (piece: string) => void; readonly end: (failed: boolean) => void }
): (() => void) => {
  const chunks = pieces[Symbol.asyncIterator]()
  let gone = false
  const go = async () => {
    for (let next = await chunks.next(); next.done !== true && !gone; next = await chunks.next()) to.write(next.value)
    if (!gone) to.end(false)
  }
  go().catch(() => to.end(true))
  return () => {
    gone = true
    chunks.return?.().catch(() => {})
  }
}

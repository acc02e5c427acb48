/** What the tests look for in a page: code blocks, links, headings. */

export interface Block {
  readonly language: string
  readonly code: string
  /** Of its first line, counted from 1. */
  readonly line: number
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split("\n").length

export const blocksOf = (markdown: string): ReadonlyArray<Block> =>
  [...markdown.matchAll(/^ *```(\w*)[^\n]*\n(.*?)^ *```$/gms)].map(({ 1: language = "", 2: code = "", index }) => ({
    language,
    code,
    line: lineOf(markdown, index) + 1
  }))

const withoutBlocks = (markdown: string): string => markdown.replaceAll(/^ *```.*?^ *```$/gms, "")

/** Targets of links and pictures, `path` or `path#heading`; addresses of the web are left out. */
export const linksOf = (markdown: string): ReadonlyArray<string> =>
  [...withoutBlocks(markdown).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/.test(target))

/** The anchors that a page offers, as GitHub makes them. */
export const anchorsOf = (markdown: string): ReadonlyArray<string> =>
  [...withoutBlocks(markdown).matchAll(/^#+ +(.*)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-")
  )

/** Paths in backticks that look like files of this repository; `scenarios/NAME.yaml` is a placeholder. */
export const filesOf = (markdown: string): ReadonlyArray<string> =>
  [...withoutBlocks(markdown).matchAll(/`((?:packages|docs|tools|scenarios|recordings)\/[\w./-]+)`/g)]
    .map(([, path = ""]) => path)
    .filter((path) => !path.includes("NAME"))

/** The first line of `expected` that `output` does not have after the ones before; a line `…` stands for any number of lines. */
export const missingLine = (output: string, expected: string): string | undefined => {
  const lines = output.split("\n").map((line) => line.trimEnd())
  let from = 0
  for (const line of expected
    .trimEnd()
    .split("\n")
    .map((one) => one.trimEnd())) {
    if (line.trim() === "…") continue
    const found = lines.indexOf(line, from)
    if (found < 0) return line
    from = found + 1
  }
  return undefined
}

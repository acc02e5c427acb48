/** What docs/coverage.md claims, and whether it is so. */

export interface Repository {
  readonly exists: (path: string) => boolean
  readonly text: (path: string) => string
}

interface Row {
  readonly id: string
  readonly files: ReadonlyArray<string>
  readonly tests: ReadonlyArray<string>
}

const paths = (cell: string): ReadonlyArray<string> => [...cell.matchAll(/`([^`]+)`/g)].map(([, path = ""]) => path)

/** The rows of the table: `| id | file | test |`, paths in backticks, several separated by commas. */
export const rowsOf = (markdown: string): ReadonlyArray<Row> =>
  markdown.split("\n").flatMap((line) => {
    const [, id = "", files = "", tests = ""] = line.split("|").map((cell) => cell.trim())
    return /^[A-Z]-\d+$/.test(id) ? [{ id, files: paths(files), tests: paths(tests) }] : []
  })

/** The rows of the second section: `| id | why |`. */
const leftOutRows = (markdown: string): ReadonlyArray<{ readonly id: string; readonly why: string }> =>
  markdown.split("\n").flatMap((line) => {
    const [, id = "", why = ""] = line.split("|").map((cell) => cell.trim())
    return /^[A-Z]-\d+$/.test(id) ? [{ id, why }] : []
  })

/** The kubelet's own rules and the worked examples: each of them is done or left out. */
const complete = /^[KTW]-/

const leftOutProblems = (
  leftOut: string,
  done: ReadonlySet<string>,
  known: ReadonlySet<string>
): ReadonlyArray<string> => {
  const rows = leftOutRows(leftOut)
  const ids = rows.map(({ id }) => id)
  const named = new Set(ids)
  return [
    ...listProblems(ids, known),
    ...rows.filter(({ why }) => why === "").map(({ id }) => `${id} is left out without a reason`),
    ...ids.filter((id) => done.has(id)).map((id) => `${id} is done and left out`),
    ...[...known]
      .filter((id) => complete.test(id) && !done.has(id) && !named.has(id))
      .map((id) => `${id} is neither done nor left out`)
  ]
}

/** Each id is known, listed once, and in its place. */
const listProblems = (ids: ReadonlyArray<string>, known: ReadonlySet<string>): ReadonlyArray<string> => [
  ...ids.filter((id) => !known.has(id)).map((id) => `${id} is no id of docs/rules.txt`),
  ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is listed twice`),
  ...ids.filter((id, index) => index > 0 && (ids[index - 1] ?? "") > id).map((id) => `${id} is not in order`)
]

const rowProblems = ({ id, files, tests }: Row, repository: Repository): ReadonlyArray<string> => [
  ...(files.length === 0 ? [`${id} names no file`] : []),
  ...(tests.length === 0 ? [`${id} names no test`] : []),
  ...[...files, ...tests]
    .filter((path) => !repository.exists(path))
    .map((path) => `${id} names ${path}, which does not exist`),
  ...tests
    .filter((path) => repository.exists(path) && !new RegExp(`\\b${id}\\b`).test(repository.text(path)))
    .map((path) => `${id} names ${path}, which does not mention it`)
]

/** Each answer is a sentence; none when the table is true. */
export const coverageProblems = (
  markdown: string,
  known: ReadonlySet<string>,
  repository: Repository
): ReadonlyArray<string> => {
  const [table = "", leftOut = ""] = markdown.split(/^## Left out$/m)
  const rows = rowsOf(table)
  const ids = rows.map(({ id }) => id)
  const claimed = /^\*\*(\d+) of (\d+) ids\*\*/m.exec(markdown)
  return [
    ...listProblems(ids, known),
    ...rows.flatMap((row) => rowProblems(row, repository)),
    ...leftOutProblems(leftOut, new Set(ids), known),
    ...(claimed?.[1] === String(rows.length) && claimed[2] === String(known.size)
      ? []
      : [`the page must say **${rows.length} of ${known.size} ids**`])
  ]
}

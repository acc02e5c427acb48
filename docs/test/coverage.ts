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
  const rows = rowsOf(markdown)
  const ids = rows.map(({ id }) => id)
  const claimed = /^\*\*(\d+) of (\d+) ids\*\*/m.exec(markdown)
  return [
    ...ids.filter((id) => !known.has(id)).map((id) => `${id} is no id of docs/rules.txt`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is listed twice`),
    ...ids.filter((id, index) => index > 0 && (ids[index - 1] ?? "") > id).map((id) => `${id} is not in order`),
    ...rows.flatMap((row) => rowProblems(row, repository)),
    ...(claimed?.[1] === String(rows.length) && claimed[2] === String(known.size)
      ? []
      : [`the page must say **${rows.length} of ${known.size} ids**`])
  ]
}

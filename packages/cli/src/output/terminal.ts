/** What stdout can take: how wide it is, and whether it shows colours. */

export interface Look {
  readonly width: number | undefined
  readonly colour: boolean
}

/** Colours: only on a terminal, and not where the user has said no (https://no-color.org). Lines are cut only there, too. */
export const look = (): Look => {
  const { stdout, env } = process
  const terminal = stdout.isTTY === true
  return {
    width: terminal ? stdout.columns : undefined,
    colour: terminal && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb"
  }
}

/** The real clients that the served API is tested with. Nothing of it is published. */
import { describe, inject } from "vitest"

/** What `build.sh` can build. */
export const clientNames = ["kubectl", "old-kubectl", "k9s", "tmux", "controller", "e2e", "python"] as const

export type ClientName = (typeof clientNames)[number]

/** Where the program is, or one sentence that says why it is not on this machine. */
export type Client = { readonly path: string } | { readonly reason: string }

declare module "vitest" {
  interface ProvidedContext {
    readonly clients: { readonly [name: string]: Client }
  }
}

/** Where the clients are; of what is not on this machine the reason is in `reasons`. */
const find = (names: ReadonlyArray<ClientName>) => {
  const clients = inject("clients")
  const paths: Array<string> = []
  const reasons: Array<string> = []
  for (const name of names) {
    const client = clients[name]
    if (client !== undefined && "path" in client) paths.push(client.path)
    else reasons.push(`${name}: ${client?.reason ?? "not looked for"}`)
  }
  return { paths, reasons }
}

/** Tests that need these clients: where one of them cannot be had they are counted as left out, and say why. */
export const describeWith = (
  names: ReadonlyArray<ClientName>,
  title: string,
  tests: (...paths: ReadonlyArray<string>) => void
): void => {
  const { paths, reasons } = find(names)
  if (reasons.length === 0) describe(title, () => tests(...paths))
  else describe.skip(`${title} (left out: ${reasons.join("; ")})`, () => tests(...names))
}

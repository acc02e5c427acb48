/** The version of this package; the sources and the bundle lie one folder below its package.json. */
import { readFileSync } from "node:fs"

export const version: string = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version

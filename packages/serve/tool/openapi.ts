/** Writes `openApiData.ts` and its index from the sources of Kubernetes; `--check` only says whether they would be others. */
import { readFileSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib"
import { openApiData } from "../src/wire/openapi/openApiData.ts"
import { openApiDocuments } from "./openapi/documents.ts"

const folder = join(import.meta.dirname, "../src/wire/openapi")
const indexFile = join(folder, "openApiIndex.ts")

const dataModule = (text: string): string => {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length
  }
  return [
    "/** Kubernetes' OpenAPI documents, one behind the other, in brotli and base64. Generated: `node tools/generate.mjs openapi`. */",
    "export const openApiData =",
    `  "${brotliCompressSync(text, { params }).toString("base64")}"`,
    ""
  ].join("\n")
}

const { index, text } = openApiDocuments(process.env["GOMODCACHE"] ?? `${homedir()}/go/pkg/mod`)
if (!process.argv.includes("--check")) {
  writeFileSync(join(folder, "openApiData.ts"), dataModule(text))
  writeFileSync(indexFile, index)
} else if (
  readFileSync(indexFile, "utf8") !== index ||
  brotliDecompressSync(Buffer.from(openApiData, "base64")).toString("utf8") !== text
) {
  process.stderr.write("openApiData.ts: Kubernetes says something else; run `node tools/generate.mjs openapi`\n")
  process.exitCode = 1
}

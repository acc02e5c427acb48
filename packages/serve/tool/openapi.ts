/** Writes `data/openapi.br` and its index from the sources of Kubernetes; `--check` only says whether they would be others. */
import { readFileSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { join } from "node:path"
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib"
import { openApiDocuments } from "./openapi/documents.ts"

const data = join(import.meta.dirname, "../data/openapi.br")
const module = join(import.meta.dirname, "../src/wire/openapi/openApiIndex.ts")

const { index, text } = openApiDocuments(process.env["GOMODCACHE"] ?? `${homedir()}/go/pkg/mod`)
if (!process.argv.includes("--check")) {
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: 11,
    [constants.BROTLI_PARAM_LGWIN]: 24,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length
  }
  writeFileSync(data, brotliCompressSync(text, { params }))
  writeFileSync(module, index)
} else if (
  readFileSync(module, "utf8") !== index ||
  brotliDecompressSync(readFileSync(data)).toString("utf8") !== text
) {
  process.stderr.write("data/openapi.br: Kubernetes says something else; run `node tools/generate.mjs openapi`\n")
  process.exitCode = 1
}

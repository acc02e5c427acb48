/** Benches: run from the sources by Node itself, without a transformation between, so that ratios are those of users. */
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    experimental: { viteModuleRunner: false },
    // What takes too much memory is to be measured, not to be cut short.
    execArgv: ["--conditions=source", "--max-old-space-size=8192"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 900_000,
    disableConsoleIntercept: true,
    benchmark: { include: ["packages/*/bench/**/*.bench.ts"] }
  }
})

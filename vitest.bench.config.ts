/** Benches: run from the sources by Node itself, without a transformation between, so that ratios are those of users. */
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    experimental: { viteModuleRunner: false },
    execArgv: ["--conditions=source"],
    pool: "forks",
    fileParallelism: false,
    testTimeout: 900_000,
    disableConsoleIntercept: true,
    benchmark: { include: ["packages/*/bench/**/*.bench.ts"] }
  }
})

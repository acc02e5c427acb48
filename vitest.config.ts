/** Which tests there are. Packages are run from their sources: nothing has to be built first. */
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const conditions = ["source"]
const roots = {
  core: "packages/core",
  "backend-sim": "packages/backend-sim",
  "backend-k8s": "packages/backend-k8s",
  cli: "packages/cli"
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: Object.entries({ ...roots, docs: "docs", tools: "tools" }).map(([name, root]) => ({
      extends: true,
      root: `./${root}`,
      test: {
        name,
        include: ["test/**/*.test.ts"],
        setupFiles: [fileURLToPath(new URL("tools/propertySeed.ts", import.meta.url))],
        // Tests that start processes (docs, cli, tools) share two cores with the rest.
        testTimeout: 30_000,
        hookTimeout: 60_000
      }
    }))
  }
})

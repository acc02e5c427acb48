/** Which tests there are. Packages are run from their sources: nothing has to be built first. */
import { fileURLToPath } from "node:url"
import { defineConfig } from "vitest/config"

const conditions = ["source"]
const roots = {
  core: "packages/core",
  "backend-sim": "packages/backend-sim",
  "backend-k8s": "packages/backend-k8s",
  serve: "packages/serve",
  fuzz: "packages/fuzz",
  cli: "packages/cli"
}

/** What is pure has nothing that one file's tests could leave to another's: its modules are loaded once a worker. */
const pure = new Set(["core", "backend-sim"])

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const propertySeed = fileOf("tools/propertySeed.ts")

/** A package's tests against a real cluster, one after the other: on a rig that they share, or on the context KUBEREEL_TEST_CONTEXT. */
const cluster = (name: string) => ({
  extends: true as const,
  root: `./packages/${name}`,
  test: {
    name: `cluster:${name}`,
    include: ["test-cluster/**/*.test.ts"],
    globalSetup: [fileOf("packages/backend-k8s/rig/globalSetup.ts")],
    setupFiles: [propertySeed],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000
  }
})

/** A served API driven by clients of others, which are built before, or left out where they cannot be had. */
const clients = {
  extends: true as const,
  root: "./packages/serve",
  test: {
    name: "clients:serve",
    include: ["test-clients/**/*.test.ts"],
    globalSetup: [fileOf("packages/serve/test-clients/clients/globalSetup.ts")],
    setupFiles: [propertySeed],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 120_000
  }
}

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      ...Object.entries({ ...roots, docs: "docs", tools: "tools" }).map(([name, root]) => ({
        extends: true as const,
        root: `./${root}`,
        test: {
          name,
          include: ["test/**/*.test.ts"],
          setupFiles: [propertySeed],
          isolate: !pure.has(name),
          // Tests that start processes (docs, cli, tools) share two cores with the rest.
          testTimeout: 30_000,
          hookTimeout: 60_000
        }
      })),
      clients,
      ...(process.env["KUBEREEL_RIG"] === "off" ? [] : ["backend-k8s", "cli"].map(cluster))
    ]
  }
})

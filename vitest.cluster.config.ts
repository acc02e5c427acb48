/** Tests against a real cluster: one at a time, on a rig that all files share or on the context KUBEREEL_TEST_CONTEXT. */
import { defineConfig } from "vitest/config"

const conditions = ["source"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    name: "cluster",
    include: ["packages/*/test-cluster/**/*.test.ts"],
    globalSetup: ["packages/backend-k8s/rig/globalSetup.ts"],
    setupFiles: ["tools/propertySeed.ts"],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 120_000
  }
})

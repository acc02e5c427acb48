import { defineConfig } from "vitest/config"

const conditions = ["source"]

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: ["core", "backend-sim", "backend-k8s", "cli"].map((name) => ({
      extends: true,
      root: `./packages/${name}`,
      test: { name, include: ["test/**/*.test.ts"] }
    }))
  }
})

import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: { "#platform": new URL("./src/platform/node.ts", import.meta.url).pathname },
  },
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 30_000,
    coverage: { provider: "v8", include: ["src/**/*.ts"], exclude: ["src/index.ts"] },
  },
});

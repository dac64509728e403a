import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: { "#platform": new URL("./src/platform/node.ts", import.meta.url).pathname },
  },
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/setup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      exclude: ["src/index.ts"],
      // What decides whether a link succeeds has no line or branch without a test.
      thresholds: {
        "src/runtime/{linker,matching,import-check,definition,definition-map,definitions,command,default-item}.ts":
          {
            100: true,
          },
      },
    },
  },
});

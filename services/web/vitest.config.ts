import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/database_cluster.ts"],
    // Making key pairs and hashing passwords is real work; a slow machine still passes.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});

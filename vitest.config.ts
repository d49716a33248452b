import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Many tests start real processes; a slow machine must not fail them.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Much of the time passes in waiting for processes to start, so that one worker a core is not too many.
    maxWorkers: '100%',
    include: ['**/*.test.ts', '**/*.test.tsx'],
    exclude: ['**/node_modules/**', '.medloom/**', 'contracts/**', 'chaincode/dist/**', 'playwright/**'],
  },
});

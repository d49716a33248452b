import { defineConfig } from 'vitest/config';

/** Rooms whose tests share nothing but code: loading it once for all of a worker's files halves their time. */
const pure = [
  'chaincode',
  'components',
  'coverage',
  'crypto',
  'epcis',
  'fhir',
  'formulary',
  'gs1',
  'messages',
  'monitoring',
  'safety',
];
const testsOf = (rooms: readonly string[]) => rooms.map((room) => `${room}/**/*.test.{ts,tsx}`);

export default defineConfig({
  test: {
    // Many tests start real processes; a slow machine must not fail them.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Much of the time passes in waiting for processes to start, so that one worker a core is not too many.
    maxWorkers: '100%',
    exclude: ['**/node_modules/**', '.medloom/**', 'contracts/**', 'chaincode/dist/**', 'playwright/**'],
    projects: [
      { extends: true, test: { name: 'pure', isolate: false, include: testsOf(pure) } },
      {
        extends: true,
        test: {
          name: 'others',
          include: ['**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '.medloom/**', 'contracts/**', 'playwright/**', ...testsOf(pure)],
        },
      },
    ],
  },
});

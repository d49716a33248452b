import { fileURLToPath } from 'node:url';
import { defineConfig } from '@playwright/test';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

const looking = /(accessibility|roles)\.spec\.ts/;
const supplying = /(files|masterData|regulator-trace|supply|undo)\.spec\.ts/;
const disturbing = /(growth|resume)\.spec\.ts/;

/**
 * Journeys run one after another on one network, which `globalSetup.ts` starts, or on the running one whose run file
 * MEDLOOM_RUN names; beside them, screens are looked at that nobody changes, and after those medicines go through the supply chain, which
 * meets no patient. What disturbs everybody comes last. CHROMIUM_BIN is the browser; Playwright's own when it is not set.
 */
export default defineConfig({
  testDir: here('./journeys'),
  outputDir: here('./results/artifacts'),
  globalSetup: here('./globalSetup.ts'),
  reporter: [['line'], ['json', { outputFile: here('./results/report.json') }]],
  workers: 2,
  projects: [
    { name: 'screens', testMatch: looking, workers: 1 },
    { name: 'journeys', testIgnore: [looking, supplying, disturbing], workers: 1 },
    // The third of the projects, of which two run at a time: it begins when the screens have been looked at.
    { name: 'supply', testMatch: supplying, workers: 1 },
    { name: 'disturbances', testMatch: disturbing, workers: 1, dependencies: ['screens', 'journeys', 'supply'] },
  ],
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  use: {
    // Set by globalSetup before the workers read this file.
    ...(process.env.MEDLOOM_PORTAL ? { baseURL: process.env.MEDLOOM_PORTAL } : {}),
    screenshot: 'only-on-failure',
    // Without a film of every step, which would cost more than the journeys themselves.
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      ...(process.env.CHROMIUM_BIN ? { executablePath: process.env.CHROMIUM_BIN } : {}),
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});

import { afterAll, beforeAll, describe, vi } from 'vitest';
import { groups } from './groups.ts';
import type { Ledger } from './ledger.ts';
import { openLedger } from './ledgers/open.ts';

// One network serves all of these, since it takes longer to start than the checks to run.
vi.setConfig({ testTimeout: 60_000 });
let ledger: Ledger;

beforeAll(async () => {
  ledger = await openLedger();
  await ledger.ready();
}, 300_000);

afterAll(() => ledger?.close(), 60_000);

for (const { number, title, check } of groups) describe(`${number} ${title}`, () => check(() => ledger));

import { afterAll, beforeAll, vi } from 'vitest';
import { describeDelivery } from './testing/delivery.ts';
import { Harness } from './testing/harness.ts';
import { describePrivateData } from './testing/privateData.ts';
import { describeRefusals } from './testing/refusals.ts';
import { describeTransactions } from './testing/transactions.ts';

// One network serves all of these, since three chaincode processes take longer to start than the tests to run.
vi.setConfig({ testTimeout: 60_000 });
let harness: Harness;
const current = () => harness;

beforeAll(async () => {
  harness = await Harness.start();
}, 120_000);

afterAll(async () => {
  await harness?.close();
});

describeTransactions(current);
describePrivateData(current);
describeDelivery(current);
describeRefusals(current);

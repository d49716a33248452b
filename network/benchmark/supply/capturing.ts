import { randomUUID } from 'node:crypto';
import { mostEvents } from '#chaincode/model/trace.ts';
import { commissioned } from '#epcis/write.ts';
import { sites } from '../../demonstration/supply/goods.ts';
import { StepError } from '../../step.ts';
import { percentile, round } from '../statistics.ts';
import type { Sender } from './sender.ts';

/** Transactions to be captured: of so many events each, so many on their way at once. */
interface Load {
  transactions: number;
  events: number;
  inFlight: number;
}

export interface CaptureFigures {
  /** Events a second, as many in a transaction as the contract takes, until the last has committed. */
  captureEventsPerSecond: number;
  /** The same with one event in each, as many on their way as the ledger needs to be busy. */
  singleEventsPerSecond: number;
  batchGain: number;
}

const batched: Load = { transactions: 24, events: mostEvents, inFlight: 4 };
const single: Load = { transactions: 300, events: 1, inFlight: 32 };
const rounds = 3;

/** Both loads in turn, each at its best, and the median of each. */
export async function measureCaptures(sender: Sender, gtin: string): Promise<CaptureFigures> {
  const rates = { batched: [] as number[], single: [] as number[] };
  for (let turn = 0; turn <= rounds; turn += 1) {
    const ofBatched = await captureAll(sender, gtin, batched);
    const ofSingle = await captureAll(sender, gtin, single);
    // The first compiles and connects what is used first.
    if (turn === 0) continue;
    rates.batched.push(ofBatched);
    rates.single.push(ofSingle);
  }
  const [most, one] = [percentile(rates.batched, 0.5), percentile(rates.single, 0.5)];
  return { captureEventsPerSecond: round(most), singleEventsPerSecond: round(one), batchGain: round(most / one) };
}

/** Events a second. Throws a StepError where the contract refuses one. */
async function captureAll(sender: Sender, gtin: string, { transactions, events, inFlight }: Load): Promise<number> {
  const waiting = Array.from({ length: transactions }, () => newPacks(gtin, events));
  const send = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { outcomes } = await sender.capture(next);
      const refused = outcomes.find(({ outcome }) => outcome !== 'accepted');
      if (refused === undefined) continue;
      const message = `The ledger did not take an event of the benchmark: ${refused.code} ${refused.detail}.`;
      throw new StepError(message, { advice: 'the log of the contracts may say more.' });
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: inFlight }, send));
  return (transactions * events * 1_000) / (performance.now() - started);
}

/** Packs that come into being, each told by an event of its own, with serial numbers that nobody has used. */
function newPacks(gtin: string, events: number): string {
  const occasion = { site: sites.plant.gln, at: new Date(), timeZoneOffset: '+01:00' };
  const batch = { gtin, batch: 'BENCH', expiry: '2099-12-31' };
  const serials = Array.from({ length: events }, () => randomUUID().replaceAll('-', '').slice(0, 20));
  return JSON.stringify(serials.map((serial) => commissioned(occasion, { ...batch, serials: [serial] })));
}

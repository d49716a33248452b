import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { newIdentifier } from '#crypto/identifier.ts';
import type { TestClient } from '../../devnet/testing/client.ts';
import { prescriptionFor, secrets } from '../caliper/issue.ts';
import { careName } from '../carePlan.ts';
import type { Consortium } from '../consortium.ts';
import { Clients } from '../people.ts';
import { percentile, round } from '../statistics.ts';

export interface CycleFigures {
  chains: number;
  /** One cycle at a time. */
  cycleP50Ms: number;
  cycleP95Ms: number;
  /** While so many cycles are under way on each chain. */
  cyclesPerSecond: number;
}

interface Counter {
  doctor: TestClient;
  pharmacist: TestClient;
}

const warmUps = 5;
const handedOver = 28;

/**
 * Issue, accept, dispense a part, close short: four transactions, each waited for until it is valid in a block. The contents are
 * stand-ins of the real sizes, so that the ledgers are measured and not the client's encryption.
 */
async function cycle({ doctor, pharmacist }: Counter, channel: number, patient: string): Promise<void> {
  const redeemKey = randomBytes(32);
  const redeemHash = createHash('sha256').update(redeemKey).digest('hex');
  const issue = { ...prescriptionFor(channel, patient), redeemHash };
  const of = (client: TestClient) => client.gateway.getNetwork(careName(channel)).getContract('care');
  await of(doctor).submit('issue', {
    arguments: [JSON.stringify(issue)],
    transientData: { secrets: Buffer.from(secrets) },
  });
  const counter = of(pharmacist);
  await counter.submit('accept', { arguments: [issue.id], transientData: { redeemKey } });
  const { cid, contentHash } = issue;
  const dispense = { id: newIdentifier('disp'), quantity: handedOver, cid, contentHash, withoutPacks: 'noSerial' };
  await counter.submit('dispense', { arguments: [issue.id, JSON.stringify(dispense)] });
  await counter.submit('close', { arguments: [issue.id, 'The rest is not needed'] });
}

/** Measures cycles alone, then as many as are taken. A cycle that fails ends the measuring. */
export async function measureCycles(
  { plan, ledger, people }: Consortium,
  options: { chains: number; alone: number; seconds: number; atOnce: number },
): Promise<CycleFigures> {
  const { chains, alone, seconds, atOnce } = options;
  await using clients = new Clients(plan, ledger.gateways);
  const [credential] = Object.values(people.doctors);
  if (!credential) throw new Error('There is no doctor.');
  const counter = { doctor: clients.of(credential), pharmacist: clients.of(people.pharmacist) };
  const channels = people.workload.channels.map(({ patients }) => patients);
  let begun = 0;
  const next = async (channel: number) => {
    const patients = channels[channel] ?? [];
    begun += 1;
    await cycle(counter, channel, patients[begun % patients.length] ?? '');
  };

  const times: number[] = [];
  for (let index = -warmUps; index < alone; index += 1) {
    const started = performance.now();
    await next(Math.abs(index) % chains);
    if (index >= 0) times.push(performance.now() - started);
  }

  let open = true;
  let counting = false;
  let counted = 0;
  const keepGoing = async (channel: number) => {
    while (open) {
      await next(channel);
      if (counting && open) counted += 1;
    }
  };
  const work = Promise.all(Array.from({ length: chains * atOnce }, (_, index) => keepGoing(index % chains))).finally(
    () => {
      open = false;
    },
  );
  const measuring = (async () => {
    // Until the first cycles are through, so that the beginning is not counted.
    await delay(Math.min(5, seconds) * 1_000);
    counting = true;
    const started = performance.now();
    await delay(seconds * 1_000);
    open = false;
    return (performance.now() - started) / 1_000;
  })();
  const [, elapsed] = await Promise.all([work, measuring]);
  return {
    ...{ chains, cycleP50Ms: round(percentile(times, 0.5)), cycleP95Ms: round(percentile(times, 0.95)) },
    cyclesPerSecond: round(counted / elapsed, 2),
  };
}

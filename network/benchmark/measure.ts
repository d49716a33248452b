import { join } from 'node:path';
import { runCaliper } from './caliperRun.ts';
import { type CarePlan, careName, shardMsp } from './carePlan.ts';
import { type ConsortiumOptions, startConsortium } from './consortium.ts';
import { type DeliveredBlock, deliveredBlocks } from './delivered.ts';
import { logDir } from './install.ts';
import { Clients, markEnd, type People } from './people.ts';
import type { Transaction } from './records.ts';
import type { NetworkFigures } from './results.ts';
import { type Delivery, roundFigures } from './roundFigures.ts';
import { curveOf, type LoadOptions, type RoundPlan, roundsOf } from './rounds.ts';
import { UsageLog } from './usage.ts';

export type MeasureOptions = LoadOptions & ConsortiumOptions;

/** Numbers of chains whose latency is measured at growing load, for the queueing model. */
const curveChains = [1, 4];

/** Starts a consortium with so many care chains of its own, loads it round after round, and ends it again. */
export async function measureNetwork(options: MeasureOptions): Promise<NetworkFigures> {
  const { chains, folder, note } = options;
  await using consortium = await startConsortium(options);
  const { plan, ledger, served, people } = consortium;

  const usage = new UsageLog([...ledger.watched, ...served], ledger.carrierOf);
  usage.start();
  const rounds: [RoundPlan, Transaction[]][] = [];
  const run = async (plans: RoundPlan[]) => {
    note(plans.map(({ label }) => label).join(', '));
    const transactions = await runCaliper({
      target: {
        ...{ mspId: 'HospitalMSP', address: ledger.gateways.HospitalMSP ?? '', identities: people.doctors },
        tlsCaPem: plan.organisations.HospitalMSP.tlsCa.certPem,
      },
      ...{ workload: people.workload, rounds: plans, folder: join(folder, 'caliper') },
      logFile: join(logDir, `caliper-${options.ledger}-${chains}.log`),
      onStart: (pid) => usage.watch({ name: 'client', pid }),
    });
    rounds.push(
      ...plans.map((planned): [RoundPlan, Transaction[]] => [planned, transactions.get(planned.label) ?? []]),
    );
  };
  try {
    await run(roundsOf(chains, options));
    const saturation = rounds.find(([{ purpose }]) => purpose === 'saturation');
    if (curveChains.includes(chains) && saturation) {
      const taken = roundFigures({ round: saturation, usage, delivery: { all: [], shard: [] } });
      await run(curveOf(taken.tps, options.seconds));
    }
  } finally {
    await usage.stop();
  }
  note('blocks');
  const delivery = await readDelivery(plan, ledger.gateways, people, chains);
  return {
    chains,
    rounds: rounds
      .filter(([{ purpose }]) => purpose !== 'warm')
      .map((round) => roundFigures({ round, usage, delivery })),
    notes: usage.trafficFailure === undefined ? [] : [usage.trafficFailure],
  };
}

/** What the hospital's peer has of every care chain, and the clinic's of its only one. */
async function readDelivery(
  plan: CarePlan,
  gateways: Record<string, string>,
  people: People,
  chains: number,
): Promise<Delivery> {
  await using clients = new Clients(plan, gateways);
  const all: DeliveredBlock[] = [];
  let shard: DeliveredBlock[] = [];
  for (let index = 0; index < chains; index += 1) {
    const last = await markEnd(clients, people, index);
    all.push(...(await deliveredBlocks(clients.of(people.hospital), careName(index), last)));
    if (index === 0) shard = await deliveredBlocks(clients.of(people.clinic), careName(index), last);
  }
  if (shard.length === 0) throw new Error(`${shardMsp} has no block.`);
  return { all, shard };
}

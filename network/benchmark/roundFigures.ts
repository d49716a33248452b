import type { DeliveredBlock } from './delivered.ts';
import { steadyPart, type Transaction } from './records.ts';
import type { RoundFigures } from './results.ts';
import type { RoundPlan } from './rounds.ts';
import { round as rounded, sum } from './statistics.ts';
import type { UsageLog } from './usage.ts';

/** Blocks of all care chains as the hospital's peer has them, and those of the peer that joins one. */
export interface Delivery {
  all: readonly DeliveredBlock[];
  shard: readonly DeliveredBlock[];
}

/** Puts together what a round came to, over its steady part. Throws where no transaction became valid. */
export function roundFigures(options: {
  round: readonly [RoundPlan, readonly Transaction[]];
  usage: Pick<UsageLog, 'between'>;
  delivery: Delivery;
}): RoundFigures {
  const [plan, transactions] = options.round;
  if (plan.purpose === 'warm') throw new Error('Warming up is not counted.');
  const steady = steadyPart(transactions, plan.seconds);
  const use = options.usage.between(steady.from, steady.to);
  const perTx = (values: Record<string, number>) => mapped(values, (value) => rounded(value / steady.committed, 3));
  return {
    ...{ label: plan.label, purpose: plan.purpose, load: plan.load, sent: transactions.length },
    failed: transactions.filter(([, , valid]) => valid === 0).length,
    ...{ tps: rounded(steady.tps, 2), meanMs: rounded(steady.meanMs), p50Ms: steady.p50Ms, p95Ms: steady.p95Ms },
    cpuMsPerTx: perTx(use.cpuMs),
    rssMb: mapped(use.rssBytes, (bytes) => rounded(bytes / 1e6)),
    coresBusy: rounded(use.machineMs / (steady.to - steady.from), 2),
    socketBytesPerTx: perTx(mapped(use.traffic, ({ received, sent }) => received + sent)),
    ...(plan.workload === 'issue' && blockFigures(transactions, options.delivery)),
  };
}

/** Bytes of the blocks whose first transaction was made in the round. */
function blockFigures(transactions: readonly Transaction[], delivery: Delivery) {
  const created = transactions.map(([at]) => at);
  const [from, to] = [Math.min(...created), Math.max(...created)];
  const within = (blocks: readonly DeliveredBlock[]) => blocks.filter(({ at }) => at >= from && at <= to);
  const [all, shard] = [within(delivery.all), within(delivery.shard)];
  const count = sum(all.map((block) => block.transactions));
  if (count === 0) return {};
  const perTx = (blocks: readonly DeliveredBlock[], bytes: (block: DeliveredBlock) => number) =>
    rounded(sum(blocks.map(bytes)) / count);
  return {
    blockBytesPerTx: perTx(all, ({ blockBytes }) => blockBytes),
    privateBytesPerTx: perTx(all, ({ privateBytes }) => privateBytes),
    txPerBlock: rounded(count / all.length),
    shardBytesPerTx: perTx(shard, ({ blockBytes, privateBytes }) => blockBytes + privateBytes),
  };
}

const mapped = <T, U>(values: Record<string, T>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, change(value)]));

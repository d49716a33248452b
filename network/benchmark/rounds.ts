/** A stretch of load of one kind. */
export interface RoundPlan {
  label: string;
  /**
   * `warm` is not counted. `fixed`: one total load, however many chains (scenario 2). `equal`: the same load for each chain
   * (scenario 1). `saturation`: as much as is taken (scenario 2). `curve`: a share of the saturation. `read`: evaluated calls.
   */
  purpose: 'warm' | 'fixed' | 'equal' | 'saturation' | 'curve' | 'read';
  workload: 'issue' | 'read';
  /** Transactions a second that are sent whatever becomes of them, or how many are kept unfinished. */
  load: { perSecond: number } | { unfinished: number };
  seconds: number;
}

/** The number of chains at which scenario 1 and scenario 2 meet: the fixed load is that of so many chains. */
export const fixedChains = 4;
export const unfinished = 64;
const curveShares = [0.2, 0.4, 0.6, 0.8];

export interface LoadOptions {
  /** Transactions a second for each chain in scenario 1. */
  offered: number;
  seconds: number;
}

/** The rounds of a network with so many chains. Memory is compared in `fixed`, which follows the same warming-up everywhere. */
export function roundsOf(chains: number, { offered, seconds }: LoadOptions): RoundPlan[] {
  const issue = { workload: 'issue', seconds } as const;
  return [
    { label: 'warm', purpose: 'warm', workload: 'issue', load: { unfinished: 8 }, seconds: Math.min(3, seconds) },
    { label: 'fixed', purpose: 'fixed', ...issue, load: { perSecond: offered * fixedChains } },
    { label: 'equal', purpose: 'equal', ...issue, load: { perSecond: offered * chains } },
    { label: 'saturation', purpose: 'saturation', ...issue, load: { unfinished } },
    { label: 'read', purpose: 'read', workload: 'read', seconds, load: { unfinished: 16 } },
  ];
}

/** Rounds at growing shares of what the network took at most, to check the queueing model against. */
export function curveOf(saturation: number, seconds: number): RoundPlan[] {
  return curveShares.map((share) => ({
    ...{ label: `curve-${Math.round(share * 100)}`, purpose: 'curve', workload: 'issue', seconds },
    load: { perSecond: Math.max(1, Math.round(saturation * share)) },
  }));
}

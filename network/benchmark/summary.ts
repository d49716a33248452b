import { shardMsp } from './carePlan.ts';
import { findRound, type LedgerFigures, ledgerKinds, ofKind, type Results, type RoundFigures } from './results.ts';
import { round } from './statistics.ts';

/** The figures that the command prints; see docs/performance.md for what each means. `null` where it was not measured. */
export interface LedgerSummary {
  ledger: 'devnet' | 'fabric';
  tps1: number | null;
  tps4: number | null;
  offeredPerChain: number;
  speedup4: number | null;
  saturation1: number | null;
  saturation4: number | null;
  cpuPerTxMs: number | null;
  rssGrowth4: number | null;
  bytesPerPeerRatio4: number | null;
}

export interface Summary extends LedgerSummary {
  devnetVsFabric: number | null;
  /** Why `devnetVsFabric` is null. */
  reason?: string;
  /** The other ledger's figures, where both were measured. */
  compared?: LedgerSummary;
}

export function summarise(results: Results): Summary {
  const [first, second] = results.ledgers.map((figures) => summariseLedger(figures, results.options.offered));
  if (!first) throw new Error('No ledger was measured.');
  const devnet = results.ledgers.find(({ ledger }) => ledger === 'devnet');
  const fabric = results.ledgers.find(({ ledger }) => ledger === 'fabric');
  const devnetVsFabric = devnet && fabric ? saturationRatio(devnet, fabric) : null;
  const absent = results.missing.fabric ?? results.missing.devnet ?? 'only one of the two ledgers was asked for';
  return {
    ...first,
    devnetVsFabric,
    ...(devnetVsFabric === null && { reason: absent }),
    ...(second && { compared: second }),
  };
}

/** The smaller of the ratios of saturation at one chain and at four, so that the figure holds for both. */
function saturationRatio(devnet: LedgerFigures, fabric: LedgerFigures): number | null {
  const ratios = [1, 4].map((chains) => ratio(devnet, fabric, chains));
  const known = ratios.filter((value) => value !== null);
  return known.length === ratios.length ? round(Math.min(...known), 2) : null;
}

const ratio = (a: LedgerFigures, b: LedgerFigures, chains: number) =>
  quotient(findRound(a, chains, 'saturation')?.tps, findRound(b, chains, 'saturation')?.tps);

function summariseLedger(figures: LedgerFigures, offered: number): LedgerSummary {
  const at = (chains: number, label: string) => findRound(figures, chains, label);
  const tps = (chains: number, label: string) => rounded(at(chains, label)?.tps, 1);
  const fixed = [at(1, 'fixed'), at(4, 'fixed')] as const;
  return {
    ledger: figures.ledger,
    ...{ tps1: tps(1, 'equal'), tps4: tps(4, 'equal'), offeredPerChain: offered },
    speedup4: rounded(quotient(at(4, 'equal')?.tps, at(1, 'equal')?.tps), 2),
    ...{ saturation1: tps(1, 'saturation'), saturation4: tps(4, 'saturation') },
    cpuPerTxMs: rounded(ledgerCpu(at(1, 'saturation')), 2),
    rssGrowth4: rounded(quotient(ledgerMemory(fixed[1]), ledgerMemory(fixed[0])), 3),
    bytesPerPeerRatio4: rounded(
      quotient(shardPeerBytes(figures.ledger, fixed[1]), shardPeerBytes(figures.ledger, fixed[0])),
      3,
    ),
  };
}

export const ledgerCpu = (figures: RoundFigures | undefined) => figures && ofKind(figures.cpuMsPerTx, ...ledgerKinds);
export const ledgerMemory = (figures: RoundFigures | undefined) => figures && ofKind(figures.rssMb, ...ledgerKinds);

/**
 * Network bytes per transaction of each peer, by MSP. On Fabric from the sockets of its process; on the devnet, whose peers are one
 * process, the blocks and private values that it takes in with the traffic of its gateway. The regulator holds no private values.
 */
export function peerBytes(ledger: LedgerFigures['ledger'], round: RoundFigures): Record<string, number> {
  const { socketBytesPerTx, blockBytesPerTx, privateBytesPerTx, shardBytesPerTx } = round;
  if (ledger === 'fabric') return socketBytesPerTx;
  if (blockBytesPerTx === undefined || privateBytesPerTx === undefined || shardBytesPerTx === undefined) return {};
  const taken = {
    ...{ HospitalMSP: blockBytesPerTx + privateBytesPerTx, PharmacyMSP: blockBytesPerTx + privateBytesPerTx },
    ...{ RegulatorMSP: blockBytesPerTx, [shardMsp]: shardBytesPerTx },
  };
  return Object.fromEntries(
    Object.entries(taken).map(([mspId, bytes]) => [mspId, bytes + (socketBytesPerTx[mspId] ?? 0)]),
  );
}

/** Network bytes per transaction of the peer that joins one chain. */
export const shardPeerBytes = (ledger: LedgerFigures['ledger'], round: RoundFigures | undefined) =>
  round && peerBytes(ledger, round)[shardMsp];

function quotient(a: number | undefined, b: number | undefined): number | null {
  return a === undefined || b === undefined || b === 0 ? null : a / b;
}

function rounded(value: number | null | undefined, digits: number): number | null {
  return value === null || value === undefined ? null : round(value, digits);
}

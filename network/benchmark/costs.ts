import { shardMsp } from './carePlan.ts';
import type { TransactionCosts } from './country.ts';
import { findRound, ofKind, type Results } from './results.ts';

/**
 * A transaction's costs on Fabric, from the round at one total load on one chain, and what that chain took at most. Undefined where
 * Fabric was not measured: the devnet, whose peers are one process, says nothing about machines that hold one peer each.
 */
export function fabricCosts(results: Results): TransactionCosts | undefined {
  const figures = results.ledgers.find(({ ledger }) => ledger === 'fabric');
  const [round, full] = figures ? [findRound(figures, 1, 'fixed'), findRound(figures, 1, 'saturation')] : [];
  if (!round || !full || round.blockBytesPerTx === undefined || round.privateBytesPerTx === undefined) return undefined;
  const { cpuMsPerTx } = round;
  return {
    chainTps: full.tps,
    committingPeerMs: cpuMsPerTx[`peer ${shardMsp}`] ?? 0,
    endorsingPeerMs: (cpuMsPerTx['peer HospitalMSP'] ?? 0) + (cpuMsPerTx['chaincode HospitalMSP'] ?? 0),
    ordererMs: ofKind(cpuMsPerTx, 'orderer') / 3,
    ...{ blockBytes: round.blockBytesPerTx, privateBytes: round.privateBytesPerTx },
  };
}

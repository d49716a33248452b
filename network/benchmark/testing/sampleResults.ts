import { latency, type Station, saturation } from '../model.ts';
import type { LedgerFigures, NetworkFigures, Results, RoundFigures } from '../results.ts';

/** Results as an ideal machine would give them: a ledger that behaves exactly as the queueing model says. */

const options = { seconds: 10, offered: 20, unfinished: 64, batchTimeoutMs: 100, maxMessageCount: 500 };
const machine = { processor: 'an ideal processor', cores: 2, memoryGb: 8, node: '24', system: 'none' };

export interface SampleCosts {
  /** Milliseconds of processor time per transaction, by process. */
  cpuMsPerTx: Record<string, number>;
  rssMb: Record<string, number>;
}

const devnet: SampleCosts = {
  cpuMsPerTx: { node: 2.6, 'chaincode HospitalMSP': 0.6, 'chaincode PharmacyMSP': 0.6, client: 3.4 },
  rssMb: { node: 220, 'chaincode HospitalMSP': 120, 'chaincode PharmacyMSP': 120, client: 270 },
};
const fabric: SampleCosts = {
  cpuMsPerTx: {
    ...{ 'peer HospitalMSP': 2.4, 'peer PharmacyMSP': 1.8, 'peer ClinicMSP': 0.8 },
    ...{ 'orderer 1': 0.4, 'orderer 2': 0.3, 'orderer 3': 0.3 },
    ...{ 'chaincode HospitalMSP': 0.7, 'chaincode PharmacyMSP': 0.7, client: 3.4 },
  },
  rssMb: { 'peer HospitalMSP': 150, 'peer ClinicMSP': 120, 'orderer 1': 60, 'chaincode HospitalMSP': 120, client: 270 },
};
const blocks = { blockBytesPerTx: 6_000, privateBytesPerTx: 3_600, txPerBlock: 5 };

export function sampleLedger(ledger: LedgerFigures['ledger'], costs: SampleCosts): LedgerFigures {
  const total = Object.values(costs.cpuMsPerTx).reduce((sum, value) => sum + value, 0);
  const stations: Station[] = [{ name: 'cores', servers: machine.cores, cost: { idleMs: 60, perTxMs: total } }];
  const most = saturation(stations).tps;
  const network = (chains: number): NetworkFigures => {
    const round = (label: string, purpose: RoundFigures['purpose'], wanted: number): RoundFigures => {
      const tps = Math.min(wanted, most);
      const told = latency(stations, options, 25, { tps: Math.min(tps, 0.97 * most), chains });
      const shardBytes = (blocks.blockBytesPerTx + blocks.privateBytesPerTx) / chains;
      return {
        ...{ label, purpose, sent: Math.round(wanted * 10), failed: 0, tps, ...told, ...costs },
        load: purpose === 'saturation' ? { unfinished: 64 } : { perSecond: wanted },
        coresBusy: (60 + total * tps) / 1_000,
        socketBytesPerTx:
          ledger === 'fabric' ? { HospitalMSP: 40_000, ClinicMSP: 1.2 * shardBytes } : { HospitalMSP: 14_000 },
        ...(purpose === 'read' ? {} : { ...blocks, shardBytesPerTx: shardBytes }),
      };
    };
    const curve = [0.2, 0.4, 0.6, 0.8].map((share) => round(`curve-${share * 100}`, 'curve', share * most));
    return {
      ...{ chains, notes: [] },
      rounds: [
        round('fixed', 'fixed', 80),
        round('equal', 'equal', 20 * chains),
        round('saturation', 'saturation', 1_000),
        round('read', 'read', 150),
        ...(chains === 1 || chains === 4 ? curve : []),
      ],
    };
  };
  return { ledger, networks: [1, 2, 4, 8].map(network) };
}

/** Of both ledgers, at invented costs; for tests, and to see what the plots look like. */
export function sampleResults(): Results {
  return {
    ...{ measuredAt: '2000-01-01T00:00:00.000Z', machine, options, missing: {} },
    ledgers: [sampleLedger('devnet', devnet), sampleLedger('fabric', fabric)],
  };
}

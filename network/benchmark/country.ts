import { z } from 'zod';

/** How a country uses its health ledgers, and how they are laid out. Another country is another set of these numbers. */
export const countrySchema = z.strictObject({
  name: z.string(),
  population: z.number().positive(),
  /** A kind of event: how many a head and year, and transactions for each on the kind of chain. */
  events: z.array(
    z.strictObject({
      name: z.string(),
      chain: z.enum(['care', 'supply', 'claims']),
      perHeadYear: z.number().nonnegative(),
      transactions: z.number().nonnegative(),
      source: z.string(),
    }),
  ),
  /** The busiest day against the mean one, and the share of a day's work in its busiest hour. */
  peakDayFactor: z.number().min(1),
  peakHourShare: z
    .number()
    .min(1 / 24)
    .max(1),
  /** How far a chain and a machine are used in the busiest hour. */
  targetUtilisation: z.number().positive().max(1),
  /** Organisations' peers on each chain; how many of them a transaction is simulated on; orderers of a set. */
  peersPerChain: z.int().positive(),
  endorsements: z.int().positive(),
  orderersPerSet: z.int().positive(),
  /** Cores of the machine of a peer and of an orderer. */
  coresPerMachine: z.int().positive(),
});
export type Country = z.infer<typeof countrySchema>;

/** 80 million patients with German habits. What is not sourced is an assumption, named so. */
export const germany: Country = {
  name: 'a country of 80 million patients',
  population: 80e6,
  events: [
    {
      ...{ name: 'prescriptions', chain: 'care', perHeadYear: 6.6, transactions: 4 },
      source: 'gematik, July 2024: 244 million e-prescriptions in half a year for some 74 million statutorily insured',
    },
    {
      ...{ name: 'consultations', chain: 'care', perHeadYear: 9.6, transactions: 2 },
      source: 'OECD, Health at a Glance 2023: 9.6 consultations with doctors per person in Germany, 2021',
    },
    {
      ...{ name: 'claims', chain: 'claims', perHeadYear: 16.2, transactions: 2 },
      source: 'assumption: one for each prescription and each consultation',
    },
    {
      ...{ name: 'packs', chain: 'supply', perHeadYear: 8.9, transactions: 4 },
      source:
        'ABDA, February 2020: 740 million prescription-only packs a year from public pharmacies of 83 million people',
    },
  ],
  // gematik, July 2024: 2.4 million e-prescriptions on the busiest day, 1.34 million on the mean one.
  peakDayFactor: 1.8,
  ...{ peakHourShare: 0.12, targetUtilisation: 0.6 },
  ...{ peersPerChain: 12, endorsements: 2, orderersPerSet: 5, coresPerMachine: 8 },
};

/** Measured costs of a transaction, of which those of a care chain stand for all kinds. */
export interface TransactionCosts {
  /** What one chain of a consortium took at most, in transactions a second. */
  chainTps: number;
  /** Processor time, in milliseconds: of a peer that only commits, of one that simulates too with its contracts, of an orderer. */
  committingPeerMs: number;
  endorsingPeerMs: number;
  ordererMs: number;
  /** Bytes that a block and the private values beside it keep. */
  blockBytes: number;
  privateBytes: number;
}

export interface ChainNeeds {
  chain: 'care' | 'supply' | 'claims';
  transactionsPerDay: number;
  /** In the busiest hour of the busiest day, over all chains of the kind. */
  peakTps: number;
  chains: number;
  /** Blocks and private values of a year, in bytes: of all chains together, and of the peer that joins one. */
  bytesPerYear: number;
  bytesPerPeerYear: number;
  /** What the peer that joins one chain takes in, in bytes a second at the peak. */
  peerBytesPerSecond: number;
  peers: number;
}

export interface CountryNeeds {
  kinds: ChainNeeds[];
  transactionsPerDay: number;
  peakTps: number;
  chains: number;
  /** Peers, counted once for each chain that one joins. */
  peers: number;
  /** Cores in use in the busiest hour at one peer of a chain, if it simulates its share of the transactions. */
  coresPerPeer: number;
  /** Chains that a machine can follow as a peer of each. */
  chainsPerPeerMachine: number;
  orderers: number;
  bytesPerYear: number;
}

/** What a country needs at the measured costs. */
export function needsOf(country: Country, costs: TransactionCosts): CountryNeeds {
  const perChain = costs.chainTps * country.targetUtilisation;
  const kinds = (['care', 'supply', 'claims'] as const).map((chain): ChainNeeds => {
    const perYear = country.events
      .filter((event) => event.chain === chain)
      .reduce((total, { perHeadYear, transactions }) => total + perHeadYear * transactions * country.population, 0);
    const transactionsPerDay = perYear / 365;
    const peakTps = (transactionsPerDay * country.peakDayFactor * country.peakHourShare) / 3_600;
    const chains = Math.ceil(peakTps / perChain);
    const bytes = costs.blockBytes + costs.privateBytes;
    return {
      ...{ chain, transactionsPerDay, peakTps, chains, bytesPerYear: perYear * bytes },
      bytesPerPeerYear: chains === 0 ? 0 : (perYear * bytes) / chains,
      peerBytesPerSecond: chains === 0 ? 0 : (peakTps * bytes) / chains,
      peers: chains * country.peersPerChain,
    };
  });
  const total = (value: (kind: ChainNeeds) => number) => kinds.reduce((sum, kind) => sum + value(kind), 0);
  const [chains, peakTps] = [total((kind) => kind.chains), total((kind) => kind.peakTps)];
  const chainTps = chains === 0 ? 0 : peakTps / chains;
  const simulated = Math.min(1, country.endorsements / country.peersPerChain);
  const peerMs = simulated * costs.endorsingPeerMs + (1 - simulated) * costs.committingPeerMs;
  const coresPerPeer = (chainTps * peerMs) / 1_000;
  const usable = country.coresPerMachine * country.targetUtilisation;
  const ordererCores = (peakTps * costs.ordererMs) / 1_000;
  return {
    ...{ kinds, chains, peakTps, coresPerPeer, transactionsPerDay: total((kind) => kind.transactionsPerDay) },
    ...{ peers: total((kind) => kind.peers), bytesPerYear: total((kind) => kind.bytesPerYear) },
    chainsPerPeerMachine: coresPerPeer === 0 ? 0 : Math.floor(usable / coresPerPeer),
    orderers: Math.ceil(ordererCores / usable) * country.orderersPerSet,
  };
}

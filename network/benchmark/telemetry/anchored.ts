import { anchorArgument, type Batch, telemetryAnchored } from '#chaincode/model/telemetry.ts';
import { type BlockTransaction, readBlock } from '#server/gateways/ledger/blocks.ts';
import { Connections } from '#server/gateways/ledger/connections.ts';
import { readLedgerProfile } from '#server/gateways/ledger/profile.ts';
import type { RunFile } from '../../runFile.ts';
import { AnchoredStreams, type SentStream } from './streams.ts';

/** What the ledger has taken so far, by its blocks. */
export interface AnchorCount {
  /** Batches that it refused. */
  refused: number;
  /** Of the blocks in which something was anchored. */
  blockBytes: number;
  /** `performance.now()` of the last of them. */
  at: number;
}

/** Follows the care channels from their first blocks. */
export interface AnchorCounter {
  streams: AnchoredStreams;
  count(): AnchorCount;
  /** Resolves when each of these streams is anchored to its end; rejects when nothing more comes. */
  reached(sent: readonly SentStream[]): Promise<AnchorCount>;
  stop(): void;
}

const patienceMs = 120_000;

export async function countAnchors({ ledgerProfile }: Pick<RunFile, 'ledgerProfile'>): Promise<AnchorCounter> {
  const profile = readLedgerProfile(ledgerProfile);
  const connections = new Connections(() => profile);
  const { service } = connections.of('HospitalMSP');
  const count: AnchorCount = { refused: 0, blockBytes: 0, at: performance.now() };
  const anchored = new AnchoredStreams();
  let told = () => {};
  const care = profile.channels.filter(({ kind }) => kind === 'care');
  const blocks = await Promise.all(care.map(({ name }) => service.getNetwork(name).getBlockEvents({ startBlock: 0n })));
  const follow = async (channel: (typeof blocks)[number]) => {
    for await (const block of channel) {
      let found = false;
      for (const transaction of readBlock(block).transactions) {
        const said = anchorsOf(transaction);
        if (said === undefined) continue;
        found = true;
        count.refused += said.refused;
        for (const batch of said.accepted) anchored.take(batch);
      }
      if (!found) continue;
      count.blockBytes += block.serializeBinary().length;
      count.at = performance.now();
      told();
    }
  };
  let over = false;
  for (const channel of blocks) {
    follow(channel).catch((error: unknown) => {
      if (!over) console.error(error);
    });
  }
  return {
    streams: anchored,
    count: () => ({ ...count }),
    reached: async (sent) => {
      while (anchored.missing(sent) > 0) {
        await new Promise<void>((resolve, reject) => {
          const missing = () => `${anchored.missing(sent)} acknowledged frames were not anchored.`;
          const timer = setTimeout(() => reject(new Error(missing())), patienceMs);
          told = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return { ...count };
    },
    stop: () => {
      over = true;
      for (const channel of blocks) channel.close();
      connections.close();
    },
  };
}

/** The batches that a transaction brought to the ledger, which are those of its argument that the contract accepted. */
function anchorsOf({ valid, event, args }: BlockTransaction): { accepted: Batch[]; refused: number } | undefined {
  if (!valid || event?.name !== 'TelemetryAnchored') return undefined;
  const { outcomes } = telemetryAnchored.parse(parse(event.payload));
  const { batches } = anchorArgument.parse(parse(args?.[1] ?? new Uint8Array()));
  return {
    accepted: batches.filter((_, index) => outcomes[index]?.outcome === 'accepted'),
    refused: outcomes.filter(({ outcome }) => outcome === 'refused').length,
  };
}

const parse = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString());

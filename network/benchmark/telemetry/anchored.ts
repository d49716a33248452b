import { telemetryAnchored } from '#chaincode/model/telemetry.ts';
import { readBlock } from '#server/gateways/ledger/blocks.ts';
import { Connections } from '#server/gateways/ledger/connections.ts';
import { readLedgerProfile } from '#server/gateways/ledger/profile.ts';
import type { RunFile } from '../../runFile.ts';

/** What the ledger has taken so far, by its blocks. */
export interface AnchorCount {
  readings: number;
  frames: number;
  batches: number;
  refused: number;
  /** Of the blocks in which something was anchored. */
  blockBytes: number;
  /** `performance.now()` of the last of them. */
  at: number;
}

/** Follows the care channels' blocks. */
export interface AnchorCounter {
  count(): AnchorCount;
  /** Resolves when so many readings have been anchored since `since`; rejects when nothing more comes. */
  reached(readings: number, since: AnchorCount): Promise<AnchorCount>;
  stop(): void;
}

const patienceMs = 120_000;

export async function countAnchors({ ledgerProfile }: Pick<RunFile, 'ledgerProfile'>): Promise<AnchorCounter> {
  const profile = readLedgerProfile(ledgerProfile);
  const connections = new Connections(() => profile);
  const { service } = connections.of('HospitalMSP');
  const count: AnchorCount = { readings: 0, frames: 0, batches: 0, refused: 0, blockBytes: 0, at: performance.now() };
  let told = () => {};
  const streams = await Promise.all(
    profile.channels.filter(({ kind }) => kind === 'care').map(({ name }) => service.getNetwork(name).getBlockEvents()),
  );
  const follow = async (blocks: (typeof streams)[number]) => {
    for await (const block of blocks) {
      for (const { event, valid } of readBlock(block).transactions) {
        if (!valid || event?.name !== 'TelemetryAnchored') continue;
        const said = telemetryAnchored.parse(JSON.parse(Buffer.from(event.payload).toString()));
        count.readings += said.readings;
        count.frames += said.frames;
        count.batches += said.batches;
        count.refused += said.outcomes.filter(({ outcome }) => outcome === 'refused').length;
        count.blockBytes += block.serializeBinary().length;
        count.at = performance.now();
        told();
      }
    }
  };
  let over = false;
  for (const stream of streams) {
    follow(stream).catch((error: unknown) => {
      if (!over) console.error(error);
    });
  }
  return {
    count: () => ({ ...count }),
    reached: async (readings, since) => {
      while (count.readings - since.readings < readings) {
        await new Promise<void>((resolve, reject) => {
          const had = () => `${count.readings - since.readings} of ${readings} readings were anchored.`;
          const timer = setTimeout(() => reject(new Error(had())), patienceMs);
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
      for (const stream of streams) stream.close();
      connections.close();
    },
  };
}

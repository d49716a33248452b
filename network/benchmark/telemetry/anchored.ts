import { telemetryAnchored } from '#chaincode/model/telemetry.ts';
import { openGateway } from '#connector/ledger/connection.ts';
import { readIdentity } from '#connector/ledger/identity.ts';
import { readProfile } from '#connector/profile.ts';
import type { RunFile } from '../../runFile.ts';

/** What the ledger has taken so far, counted by its own events. */
export interface AnchorCount {
  readings: number;
  frames: number;
  batches: number;
  refused: number;
  transactions: number;
  /** `performance.now()` of the last event. */
  at: number;
}

/** Follows the care channels' anchors. */
export interface AnchorCounter {
  count(): AnchorCount;
  /** Resolves when so many readings have been anchored since `since`; rejects after a while without a new one. */
  reached(readings: number, since: AnchorCount): Promise<AnchorCount>;
  stop(): void;
}

const patienceMs = 120_000;

export async function countAnchors(
  run: Pick<RunFile, 'connectorProfile'>,
  channels: readonly string[],
): Promise<AnchorCounter> {
  const profile = readProfile(run.connectorProfile);
  const endpoint = profile.ledger().organisations.HospitalMSP?.gateway;
  const files = profile.organisations.HospitalMSP?.registrar;
  if (!endpoint || !files) throw new Error('The profile names no registrar of HospitalMSP.');
  const gateway = openGateway(endpoint);
  const connection = gateway.as(readIdentity('HospitalMSP', files));
  const stop = new AbortController();
  const count: AnchorCount = { readings: 0, frames: 0, batches: 0, refused: 0, transactions: 0, at: performance.now() };
  let told = () => {};
  const follow = async (channel: string) => {
    for await (const { name, payload } of await connection.events(channel, 'care', stop.signal)) {
      if (name !== 'TelemetryAnchored') continue;
      const said = telemetryAnchored.parse(JSON.parse(Buffer.from(payload).toString()));
      count.readings += said.readings;
      count.frames += said.frames;
      count.batches += said.batches;
      count.refused += said.outcomes.filter(({ outcome }) => outcome === 'refused').length;
      count.transactions += 1;
      count.at = performance.now();
      told();
    }
  };
  for (const channel of channels)
    follow(channel).catch((error: unknown) => {
      if (!stop.signal.aborted) console.error(error);
    });
  return {
    count: () => ({ ...count }),
    reached: async (readings, since) => {
      while (count.readings - since.readings < readings) {
        await new Promise<void>((resolve, reject) => {
          const timer = setTimeout(
            () => reject(new Error(`${count.readings - since.readings} of ${readings} readings were anchored.`)),
            patienceMs,
          );
          told = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      return { ...count };
    },
    stop: () => {
      stop.abort();
      gateway.close();
    },
  };
}

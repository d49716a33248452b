import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyBytes, toHex } from '#crypto/bytes.ts';
import { readBatch } from '#crypto/telemetry/batch.ts';
import { StepError } from '../../step.ts';
import { countAnchors } from './anchored.ts';
import type { LoadAnswer } from './load.ts';
import { startLoad } from './loadProcess.ts';
import type { BenchNetwork } from './network.ts';
import type { SoakOptions } from './options.ts';
import { keyOf } from './streams.ts';

/** The load beside which a soak kills: light devices that send a frame again until it is acknowledged. */
export interface SoakLoad {
  /** Sends for so long, and until the last frame is acknowledged. */
  send(seconds: number): Promise<LoadAnswer>;
  /** Answers in how many batches it is; throws where a reading that was acknowledged is not on the ledger and on IPFS once. */
  requireEach(sent: LoadAnswer): Promise<number>;
  stop(): Promise<void>;
}

export async function openSoakLoad(bench: BenchNetwork, options: SoakOptions): Promise<SoakLoad> {
  const { portal, network, population, folder } = bench;
  const { telemetry } = network.run;
  const { devices } = await population.populate(options.devices);
  const file = join(folder, 'load.json');
  writeFileSync(file, JSON.stringify(devices), { mode: 0o600 });
  const load = startLoad();
  const gateway = {
    ...{ host: '127.0.0.1', port: Number(new URL(telemetry.mqtt).port) },
    ca: readFileSync(telemetry.caFile, 'utf8'),
  };
  const { connected } = await load.ask({ kind: 'connect', file, from: 0, count: devices.length, atOnce: 16, gateway });
  if (connected !== devices.length) throw new Error(`${connected} of ${devices.length} devices are connected.`);

  return {
    send: async (seconds) => {
      const { readings: readingsPerFrame, rate, devices: atOnce } = options;
      const sent = await load.ask({ kind: 'send', seconds, atOnce, readingsPerFrame, rate, insist: true });
      if (sent.failed === 0) return sent;
      throw new StepError(`${sent.failed} frames of the load were not acknowledged.`, {
        advice: 'see the logs of telemetry.',
      });
    },
    requireEach: async ({ streams }) => {
      // All blocks of the ledger, from the first: what was followed before has ended with the ledger.
      const anchors = await countAnchors(network.run);
      try {
        await anchors.reached(streams);
        const batches = anchors.streams.requireExactly(streams);
        const found = new Map<string, number[]>();
        let readings = 0;
        for (const batch of batches) {
          for (const { d: device, s, n, c } of readBatch(batch, copyBytes(await portal.ipfs.readBlock(batch.cid)))
            .frames) {
            const key = keyOf({ device, stream: toHex(s) });
            found.set(key, [...(found.get(key) ?? []), n]);
            readings += c;
          }
        }
        const acknowledged = streams.reduce((sum, one) => sum + one.readings, 0);
        const isEach = streams.every((one) => {
          const numbers = (found.get(keyOf(one)) ?? []).toSorted((a, b) => a - b);
          return numbers.length === one.frames && numbers.every((number, index) => number === index + 1);
        });
        if (isEach && readings === acknowledged) return batches.length;
        throw new StepError(`${acknowledged} readings were acknowledged, and IPFS has ${readings}.`, {
          advice: 'this is a fault; keep the logs.',
        });
      } finally {
        anchors.stop();
      }
    },
    stop: () => load.stop(),
  };
}

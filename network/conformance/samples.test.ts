import { expect, it } from 'vitest';
import { runSamples } from './samples.ts';

const samples = process.env.FABRIC_SAMPLES;
if (!samples) console.info('skipped: no fabric-samples (set FABRIC_SAMPLES to a clone)');

it('says what a folder lacks that is no clone of fabric-samples', async () => {
  await expect(runSamples(import.meta.dirname)).rejects.toThrow(
    /is no clone of fabric-samples: it has no asset-transfer-basic\/application-gateway-typescript, no /,
  );
});

it.runIf(samples)(
  'runs unmodified applications of fabric-samples',
  async () => {
    const results = await runSamples(samples ?? '');
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results).toHaveLength(4);
  },
  30 * 60_000,
);

import { expect, it } from 'vitest';
import { createCategoryKey } from '../categoryKey.ts';
import { CryptoError } from '../errors.ts';
import { unwrapCircleKey, wrapCircleKey } from '../telemetry/archive.ts';
import { openFrame } from '../telemetry/seal.ts';
import { testDevice } from '../telemetry/testFrames.ts';
import type { Member } from './member.ts';
import { patient, testCircle } from './testCircle.ts';

const device = 'dev-bbbbbbbbbbbbbbbbbbbbbbbbbb';
const [first, second] = ['prac-cccccccccccccccccccccccccc', 'prac-dddddddddddddddddddddddddd'] as const;

it('whoever is removed reads nothing after, whoever comes nothing before, but by the archive', async () => {
  const { ledger, owner } = await testCircle();
  const { seal } = testDevice();
  const sensor = await ledger.take(await ledger.join(await ledger.person(device)));
  const leaver = await ledger.take(await ledger.join(await ledger.person(first)));
  for (const member of [owner, sensor]) await ledger.follow(member);

  const sealedNow = async () => {
    const { generation, epoch } = sensor;
    return (await seal(await sensor.sealingKey(), { patient, device, generation, epoch })).frame;
  };
  /** What somebody has to try with: every key that it holds. */
  const reads = async (member: Member, frame: Awaited<ReturnType<typeof sealedNow>>) => {
    const outcomes = [...member.exportKeys().values()].map((key) =>
      openFrame(key, frame).then(
        () => true,
        (error: unknown) => (error instanceof CryptoError ? false : Promise.reject(error)),
      ),
    );
    return (await Promise.all(outcomes)).includes(true);
  };

  const before = await sealedNow();
  const archived = ledger.present;
  const results = await createCategoryKey({ patient, category: 'results', epoch: 1 });
  const wrap = await wrapCircleKey(results, archived, sensor.exportKey());
  const kept = leaver.exportKeys();
  await ledger.takeChange(await owner.remove([leaver.leaf]));
  await ledger.follow(sensor);
  const after = await sealedNow();
  const comer = await ledger.take(await ledger.join(await ledger.person(second)));
  for (const member of [owner, sensor]) await ledger.follow(member);
  const last = await sealedNow();

  expect(await Promise.all([before, after, last].map((frame) => reads(owner, frame)))).toEqual([true, true, true]);
  expect(await Promise.all([before, after, last].map((frame) => reads(leaver, frame)))).toEqual([true, false, false]);
  expect(await Promise.all([before, after, last].map((frame) => reads(comer, frame)))).toEqual([false, false, true]);
  // Nor with what it had put aside, nor under another epoch's name.
  for (const key of kept.values()) {
    for (const frame of [after, last, { ...after, e: before.e }]) {
      await expect(openFrame(key, frame)).rejects.toMatchObject({ code: 'FRAME_SEALED' });
    }
  }
  const key = await unwrapCircleKey(results, archived, wrap);
  expect((await openFrame(key, before)).items).toHaveLength(25);
});

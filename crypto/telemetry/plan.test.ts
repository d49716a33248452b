import { expect, it } from 'vitest';
import { randomBytes, utf8 } from '../bytes.ts';
import { openPlan, sealPlan } from './plan.ts';

it('a plan opens with the key of its epoch, as the version that it is', async () => {
  const key = randomBytes(32);
  const of = { patient: 'pt-0-aaaaaaaaaaaaaaaaaaaaaaaaaa', generation: 1, epoch: 4, version: 2 };
  const { bytes } = await sealPlan(key, of, utf8('{}'));
  expect(await openPlan(key, of, bytes)).toEqual(utf8('{}'));
  await expect(openPlan(key, { ...of, version: 3 }, bytes)).rejects.toMatchObject({ code: 'ALTERED' });
  await expect(openPlan(key, { ...of, epoch: 5 }, bytes)).rejects.toMatchObject({ code: 'ALTERED' });
  await expect(openPlan(randomBytes(32), of, bytes)).rejects.toMatchObject({ code: 'WRONG_KEY' });
});

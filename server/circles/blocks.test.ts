import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Person, World } from '../testing/world.ts';
import { putBlock, readBlock } from './blocks.ts';

let world: World;
let patients: [Person, Person];
let stranger: Person;

beforeAll(async () => {
  world = await World.start();
  patients = [await world.person('patient', null), await world.person('patient', null)];
  stranger = await world.person('doctor', 'inst-north-hospital');
});
afterAll(() => world.stop());

it('a block stays readable for its circle, though somebody has stored the same bytes for another', async () => {
  const bytes = randomBytes(64);
  for (const { actor } of patients) await putBlock(actor, { patient: actor.subjectId, bytes }, world.portal);
  const [{ actor }] = patients;
  const { cid } = await putBlock(actor, { patient: actor.subjectId, bytes }, world.portal);
  for (const one of patients) expect(Buffer.from(await readBlock(one.actor, { cid }, world.portal))).toEqual(bytes);
  await expect(readBlock(stranger.actor, { cid }, world.portal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

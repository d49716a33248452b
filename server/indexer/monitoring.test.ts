import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Circle } from '#chaincode/model/circle.ts';
import { circles } from '../gateways/db/schema/circles.ts';
import type { ContractCall } from '../gateways/ledger/ledger.ts';
import { name26, World } from '../testing/world.ts';
import { nextBlockOf, recordBlock } from './record.ts';

/** What the portal knows of circles follows from what blocks tell, whatever they are about. */

let world: World;
let number = 0;
const [patient, doctor, hospital] = [`pt-0-${name26()}`, `prac-${name26()}`, 'inst-north-hospital'];
const since = '2026-05-01T12:00:00.000Z';
const staleSince = '2026-05-01T13:00:00.000Z';
/** What the ledger answers. */
let circle: Circle;
let mirrored: number;

beforeAll(async () => {
  world = await World.start();
  const answers: Record<string, (args: readonly string[]) => unknown> = {
    'circles:read': () => ({ circle, seats: [] }),
    'circles:readEpochs': () => [],
    'standings:read': ([subject]) => ({ subject, status: 'suspended', version: mirrored }),
  };
  const evaluate = world.ledger.evaluate.bind(world.ledger);
  world.ledger.evaluate = async (call: ContractCall) => {
    const answer = answers[call.function];
    return answer ? Buffer.from(JSON.stringify(answer(call.args))) : evaluate(call);
  };
}, 60_000);
afterAll(() => world.stop());

beforeEach(() => {
  const leaf = { leaf: 'a'.repeat(32), subject: doctor, keyHash: 'b'.repeat(64), signingKeyHash: 'c'.repeat(64) };
  circle = {
    ...{ patient, generation: 1, epoch: 0, cid: `b${'a'.repeat(58)}` },
    ...{ contentHash: 'd'.repeat(64), keyCommitment: 'e'.repeat(64) },
    ...{ leaves: [{ ...leaf, institution: hospital }], since, by: patient, version: (circle?.version ?? 0) + 1 },
  };
  mirrored = 3;
});

/** A block with one change. */
async function block(name: string, said: object): Promise<void> {
  number += 1;
  const at = new Date();
  const payload = Buffer.from(JSON.stringify({ state: 'x', at: at.toISOString(), ...said }));
  const transactionId = String(number).padStart(64, '0');
  const transactions = [{ transactionId, at, valid: true, contract: 'care', endorsers: [], event: { name, payload } }];
  const next = await nextBlockOf(world.portal, 'care-0');
  await recordBlock(world.portal, 'care-0', { number: next, transactions, unreadable: 0 });
}

const staleInReadModel = async () => {
  const [row] = await world.portal.db.select().from(circles).where(eq(circles.patient, patient));
  return row?.staleSince?.toISOString();
};
const commit = () =>
  block('CircleChanged', { id: patient, change: 'circles:commit', version: circle.version, patient });
const mirror = (id: string, version = 3) => block('StandingChanged', { id, change: 'standings:mirror', version });

it('a suspension makes the circles stale that its subject is in, and its end fresh again', async () => {
  await commit();
  expect(await staleInReadModel()).toBeUndefined();
  for (const subject of [doctor, hospital]) {
    const fresh = circle;
    circle = { ...circle, staleSince };
    await mirror(`prac-${name26()}`);
    expect(await staleInReadModel()).toBeUndefined();
    await mirror(subject);
    expect(await staleInReadModel()).toBe(staleSince);
    circle = fresh;
    await mirror(subject);
    expect(await staleInReadModel()).toBeUndefined();
  }
});

it('waits for a peer that does not have the standing yet', async () => {
  await commit();
  await expect(mirror(doctor, 4)).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  mirrored = 4;
  await mirror(doctor, 4);
});

it('hears of a circle that another change has made stale, from that version on', async () => {
  await commit();
  const change = () =>
    block('PatientChanged', { id: patient, change: 'patients:rotateKeys', version: 2, patient, circle: 3 });
  circle = { ...circle, version: 2 };
  await expect(change()).rejects.toMatchObject({ code: 'LEDGER_UNAVAILABLE' });
  circle = { ...circle, version: 3, staleSince };
  await change();
  expect(await staleInReadModel()).toBe(staleSince);
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { Renewal } from '../../model/renewal.ts';
import { refusal } from '../../testing/ledger.ts';
import { issueOf, patientIds, serial } from '../../testing/samples.ts';
import { Care, createWorld, type People, peopleNames, type World } from '../../testing/world.ts';

let world: World;
let care: Care;
const id = issueOf(1).id;
const idOf = (seed: number) => `rn-0-${serial(seed)}`;
const ask = (seed: number, who: keyof People = 'patient', prescription = id) =>
  care.submit(world.people[who], 'askRenewal', [JSON.stringify({ id: idOf(seed), prescription })]);
const deny = (seed: number, who: keyof People = 'doctor') =>
  care.submit(world.people[who], 'answerRenewal', [
    idOf(seed),
    JSON.stringify({ outcome: 'denied', reason: 'see me first' }),
  ]);
const withdraw = (seed: number, who: keyof People = 'patient') =>
  care.submit(world.people[who], 'withdrawRenewal', [idOf(seed)]);
const read = (seed: number) => care.evaluate<Renewal>(world.people.service, 'readRenewal', idOf(seed));
const renews = (seed: number, outcome: 'approved' | 'changed' = 'approved') => ({
  renews: { id: idOf(seed), outcome },
});

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
  await care.issue(1);
});

/** Who of all people may make a call, on a ledger of its own each. */
async function allowed(call: (who: keyof People) => Promise<unknown>): Promise<string[]> {
  const { ledger } = world;
  const found: string[] = [];
  for (const who of peopleNames) {
    world.ledger = ledger.clone();
    const code = await refusal(call(who)).catch((error: Error) => error.message);
    if (code === 'the call was not refused') found.push(who);
    else expect(['NOT_AUTHORISED', 'NOT_REGISTERED'], `${who}: ${code}`).toContain(code);
  }
  world.ledger = ledger;
  return found;
}

describe('a request for a renewal', () => {
  it('is asked by the patient and the pharmacy that has to do with it, once at a time', async () => {
    expect(await allowed((who) => ask(1, who))).toEqual(['patient']);
    await care.accept(id, 1);
    expect(await allowed((who) => ask(1, who))).toEqual(['pharmacist', 'colleague', 'patient']);
    await ask(1, 'pharmacist');
    expect(await refusal(ask(2))).toBe('ALREADY_EXISTS');
    expect(await refusal(ask(1))).toBe('ALREADY_EXISTS');
    await withdraw(1);
    await ask(2);
    const page = await care.evaluate<{ items: Renewal[] }>(
      ...([world.people.service, 'listRenewals', patientIds.patient, '10', ''] as const),
    );
    expect(page.items.map(({ state }) => state)).toEqual(['withdrawn', 'asked']);
  });

  it('is denied by the doctors of the hospital, and withdrawn by who asked or the patient', async () => {
    await care.accept(id, 1);
    await ask(1, 'pharmacist');
    expect(await allowed((who) => deny(1, who))).toEqual(['doctor', 'otherDoctor']);
    expect(await allowed((who) => withdraw(1, who))).toEqual(['pharmacist', 'colleague', 'patient']);
    await deny(1);
    expect(await read(1)).toMatchObject({ state: 'denied', reason: 'see me first', version: 2 });
    for (const call of [deny(1), withdraw(1), care.issue(2, renews(1))]) {
      expect(await refusal(call)).toBe('WRONG_STATE');
    }
  });

  it.each(['approved', 'changed'] as const)('is %s by a new prescription', async (outcome) => {
    await ask(1);
    expect(await refusal(care.issue(2, { ...renews(1), patient: patientIds.otherPatient }))).toBe('NOT_AUTHORISED');
    await care.issue(2, renews(1, outcome), world.people.otherDoctor);
    expect(await read(1)).toMatchObject({ state: outcome, next: issueOf(2).id });
    expect(world.ledger.publicRecords.at(-1)?.event).toContain(`"renewal":"${idOf(1)}"`);
  });

  it('is answered once, whoever is endorsed at the same time', async () => {
    await ask(1);
    const answer = JSON.stringify({ outcome: 'denied', reason: 'see me first' });
    const endorsed = [
      await world.ledger.endorse(care.order(world.people.doctor, 'answerRenewal', [idOf(1), answer])),
      await world.ledger.endorse(care.order(world.people.patient, 'withdrawRenewal', [idOf(1)])),
    ];
    expect(endorsed.map((each) => world.ledger.commit(each))).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
  });

  it('is of a prescription that counts', async () => {
    await care.submit(world.people.doctor, 'cancel', [id, 'wrong dose']);
    expect(await refusal(ask(1))).toBe('CANCELLED');
    expect(await refusal(ask(1, 'patient', issueOf(9).id))).toBe('NOT_FOUND');
    expect(await refusal(read(7))).toBe('NOT_FOUND');
  });
});

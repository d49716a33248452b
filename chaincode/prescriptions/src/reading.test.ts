import { beforeEach, describe, expect, it } from 'vitest';
import { type Prescription, type PrescriptionHistoryEntry, type PrescriptionWrap } from '../../model/prescription.ts';
import { type Page } from '../../model/registry.ts';
import { refusal } from '../../testing/ledger.ts';
import { bytesOf, day, issueOf, patientIds, redeemKeyOf, secretsOf, serial } from '../../testing/samples.ts';
import { Care, createWorld, expireLicence, suspend, type World } from '../../testing/world.ts';

let world: World;
let care: Care;

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
});

describe('reads', () => {
  it('find a prescription by the redeeming hash, and say what became of a replaced one', async () => {
    const id = await care.issue(1);
    const find = (hash: string) => care.evaluate<Prescription>(world.people.service, 'findByRedeemHash', hash);
    expect((await find(redeemKeyOf(1).hash)).id).toBe(id);
    expect(await refusal(find(redeemKeyOf(2).hash))).toBe('WRONG_CODE');
    expect(await refusal(find('x'))).toBe('INVALID_ARGUMENT');
    const { codeWrap, releaseShare } = secretsOf('new');
    await care.submit(world.people.patient, 'renewCode', [id, redeemKeyOf(2).hash], {
      secrets: bytesOf({ codeWrap, releaseShare }),
    });
    expect(await refusal(find(redeemKeyOf(1).hash))).toBe('CODE_VOID');
    expect((await find(redeemKeyOf(2).hash)).id).toBe(id);
  });

  it('read many in the order asked, without the unknown', async () => {
    const ids = [await care.issue(3), await care.issue(1), await care.issue(2)];
    const asked = JSON.stringify([ids[2], `rx-0-${serial(77)}`, ids[0]]);
    const found = await care.evaluate<Prescription[]>(world.people.service, 'readMany', asked);
    expect(found.map(({ id }) => id)).toEqual([ids[2], ids[0]]);
    const many = (wanted: unknown) => refusal(care.evaluate(world.people.service, 'readMany', JSON.stringify(wanted)));
    expect(await many([])).toBe('INVALID_ARGUMENT');
    expect(await many(Array.from({ length: 101 }, (_, n) => `rx-0-${serial(n)}`))).toBe('INVALID_ARGUMENT');
    expect(await many([`rx-1-${serial(1)}`])).toBe('WRONG_CHANNEL');
  });

  it('list a patient’s prescriptions page by page, and nobody else’s', async () => {
    for (let n = 1; n <= 5; n++) await care.issue(n);
    await care.issue(6, { patient: patientIds.otherPatient });
    const list = (size: string, bookmark: string) =>
      care.evaluate<Page<Prescription>>(world.people.service, 'listByPatient', patientIds.patient, size, bookmark);
    const first = await list('3', '');
    const second = await list('3', first.bookmark);
    expect(first.items).toHaveLength(3);
    expect(second.items).toHaveLength(2);
    expect(second.bookmark).toBe('');
    const seen = [...first.items, ...second.items].map(({ id }) => id);
    expect(seen.sort()).toEqual([1, 2, 3, 4, 5].map((n) => issueOf(n).id).sort());
    expect(await refusal(list('0', ''))).toBe('INVALID_ARGUMENT');
    expect(await refusal(list('3', `\u0000patientPrescription\u0000${patientIds.otherPatient}\u0000`))).toBe(
      'INVALID_ARGUMENT',
    );
  });

  it('give the history, oldest first', async () => {
    const id = await care.issue(1);
    await care.accept(id, 1);
    await care.dispense(id, 1, 60);
    const entries = await care.evaluate<PrescriptionHistoryEntry[]>(world.people.service, 'history', id);
    expect(entries.map(({ prescription }) => prescription.state)).toEqual(['active', 'accepted', 'completed']);
    expect(new Set(entries.map(({ transactionId }) => transactionId)).size).toBe(3);
    expect(entries[0]?.at).toBe(entries[0]?.prescription.authoredOn);
  });

  it.each(['read', 'history', 'readRelease'])('%s refuses what is unknown, malformed or elsewhere', async (name) => {
    const { pharmacist } = world.people;
    expect(await refusal(care.evaluate(pharmacist, name, `rx-0-${serial(77)}`))).toBe('NOT_FOUND');
    expect(await refusal(care.evaluate(pharmacist, name, 'x'))).toBe('INVALID_ARGUMENT');
    expect(await refusal(care.evaluate(pharmacist, name, `rx-1-${serial(1)}`))).toBe('WRONG_CHANNEL');
  });

  it('listByPatient refuses a pseudonym that is malformed or elsewhere', async () => {
    const list = (pseudonym: string) =>
      refusal(care.evaluate(world.people.service, 'listByPatient', pseudonym, '10', ''));
    expect(await list('x')).toBe('INVALID_ARGUMENT');
    expect(await list(`pt-1-${serial(1)}`)).toBe('WRONG_CHANNEL');
  });
});

describe('readWraps', () => {
  it('gives patient and author each their own wrap, and nobody another’s', async () => {
    const ids = [await care.issue(1), await care.issue(2)];
    const wraps = (caller: keyof World['people'], wanted: unknown = ids) =>
      care.evaluate<PrescriptionWrap[]>(world.people[caller], 'readWraps', JSON.stringify(wanted));
    expect(await wraps('patient')).toEqual(ids.map((id, n) => ({ id, wrap: secretsOf(`${n + 1}`).patientWrap })));
    expect(await wraps('doctor')).toEqual(ids.map((id, n) => ({ id, wrap: secretsOf(`${n + 1}`).authorWrap })));
    for (const other of ['otherPatient', 'otherDoctor', 'pharmacist', 'regulator'] as const) {
      expect(await refusal(wraps(other)), other).toBe('NOT_AUTHORISED');
    }
    for (const other of ['stranger', 'impostor', 'service'] as const) {
      expect(await refusal(wraps(other)), other).toBe('NOT_REGISTERED');
    }
    expect(await refusal(wraps('patient', [`rx-0-${serial(77)}`]))).toBe('NOT_FOUND');
    const some = [`rx-0-${serial(77)}`, ids[1], `rx-0-${serial(78)}`];
    expect(await wraps('patient', some)).toEqual([{ id: ids[1], wrap: secretsOf('2').patientWrap }]);
    expect(await refusal(wraps('otherPatient', some))).toBe('NOT_AUTHORISED');
    expect(await refusal(wraps('patient', [`rx-1-${serial(1)}`]))).toBe('WRONG_CHANNEL');
    expect(await refusal(wraps('patient', []))).toBe('INVALID_ARGUMENT');
    expect(
      await refusal(
        wraps(
          'patient',
          Array.from({ length: 51 }, (_, n) => `rx-0-${serial(n)}`),
        ),
      ),
    ).toBe('INVALID_ARGUMENT');
  });

  it('refuses a suspended author, and keeps serving one whose licence has ended', async () => {
    const ids = JSON.stringify([await care.issue(1)]);
    await expireLicence(world, 'doctor');
    expect(await care.evaluate(world.people.doctor, 'readWraps', ids)).toHaveLength(1);
    await suspend(world, 'doctor');
    expect(await refusal(care.evaluate(world.people.doctor, 'readWraps', ids))).toBe('SUSPENDED');
  });
});

describe('readRelease', () => {
  it('is for the pharmacy that holds the prescription, while it holds it', async () => {
    const id = await care.issue(1);
    const release = (caller: keyof World['people']) => care.evaluate(world.people[caller], 'readRelease', id);
    expect(await refusal(release('pharmacist'))).toBe('WRONG_STATE');
    await care.accept(id, 1);
    const { codeWrap, releaseShare } = secretsOf('1');
    expect(await release('pharmacist')).toEqual({ codeWrap, releaseShare });
    expect(await release('colleague')).toEqual({ codeWrap, releaseShare });
    expect(await refusal(release('otherPharmacist'))).toBe('HELD_BY_ANOTHER');
    for (const other of ['doctor', 'regulator', 'insurer', 'admin'] as const) {
      expect(await refusal(release(other)), other).toBe('NOT_AUTHORISED');
    }
    for (const other of ['patient', 'stranger', 'impostor', 'service'] as const) {
      expect(await refusal(release(other)), other).toBe('NOT_REGISTERED');
    }
    await care.submit(world.people.pharmacist, 'return', [id]);
    expect(await refusal(release('pharmacist'))).toBe('WRONG_STATE');
  });

  it('judges the licence by the peer’s clock, not by the time that the proposal claims', async () => {
    const id = await care.issue(1);
    await care.accept(id, 1);
    await expireLicence(world, 'pharmacist');
    const backdated = {
      ...care.order(world.people.pharmacist, 'readRelease', [id]),
      at: new Date(Date.now() - 5 * day),
    };
    expect(await refusal(world.ledger.evaluate(backdated))).toBe('LICENCE_INVALID');
  });
});

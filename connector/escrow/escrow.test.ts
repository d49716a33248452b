import { X509Certificate } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Category } from '#chaincode/model/category.ts';
import { escrowKey } from '#chaincode/model/patient.ts';
import { escrowStatement } from '#chaincode/model/statements.ts';
import { createIdentity } from '#chaincode/testing/identity.ts';
import { createRecordWorld, RecordCare } from '#chaincode/testing/records.ts';
import { patientIds } from '#chaincode/testing/samples.ts';
import { confirmed } from '#chaincode/testing/signing.ts';
import { createWorld, practitionerIdOf, suspend } from '#chaincode/testing/world.ts';
import { randomBytes } from '#crypto/bytes.ts';
import { type CategoryKey, createCategoryKey } from '#crypto/categoryKey.ts';
import { combineShares, unwrapRelease, wrapShares } from '#crypto/escrow.ts';
import { isSigned } from '#crypto/statement.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import type { ConnectorError } from '../errors.ts';
import { connectTo } from '../testing/contracts.ts';
import { createEscrow } from './escrow.ts';

describe('the key of an organisation’s escrow', () => {
  it('is published once, in the registrar’s name, and anew with the next certificate or key', async () => {
    const world = await createWorld();
    const officer = world.registrars.HospitalMSP;
    const ledger = connectTo(world.ledger, officer);
    const published = async () => {
      const call = { channel: 'registry', contract: 'registry', function: 'readEscrowKeys', args: [] };
      return escrowKey.array().parse(JSON.parse(await ledger.evaluate(call)));
    };
    const seed = randomBytes(32);
    await createEscrow(ledger, officer, seed).publish();
    await createEscrow(ledger, officer, seed).publish();
    expect(ledger.submitted).toHaveLength(1);
    const [key] = await published();
    if (!key) throw new Error('nothing was published');
    const { publicKey: readingKey } = await createReadingKey(seed);
    expect(key).toMatchObject({ mspId: 'HospitalMSP', version: 1, readingKey });
    const spki = new X509Certificate(officer.certificatePem).publicKey.export({ type: 'spki', format: 'der' });
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const registrar = await crypto.subtle.importKey('spki', new Uint8Array(spki), algorithm, false, ['verify']);
    expect(await isSigned(registrar, escrowStatement(key), key.signature)).toBe(true);

    const renewed = await createIdentity('HospitalMSP', { role: 'registrar' });
    const after = connectTo(world.ledger, renewed);
    await createEscrow(after, renewed, seed).publish();
    expect(await published()).toMatchObject([{ version: 2, readingKey, certificatePem: renewed.certificatePem }]);
    await createEscrow(after, renewed, randomBytes(32)).publish();
    expect((await published()).map(({ version }) => version)).toEqual([3]);
  });
});

describe('shares of a category’s key', () => {
  const organisations = ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'] as const;
  type Organisation = (typeof organisations)[number];
  const seedOf = (mspId: Organisation) => new Uint8Array(32).fill(organisations.indexOf(mspId) + 1);
  const named: Category[] = ['summary', 'clinical'];
  const doctorId = practitionerIdOf('doctor');
  const reader = new Uint8Array(32).fill(9);
  let care: RecordCare;
  let keys: CategoryKey[];
  const sealed = new Map<Organisation, { category: Category; epoch: number; wrap: string }[]>();

  beforeEach(async () => {
    care = new RecordCare(await createRecordWorld());
    await care.open();
    keys = await Promise.all(
      named.map((category) => createCategoryKey({ patient: patientIds.patient, category, epoch: 1 })),
    );
    const receivers = await Promise.all(
      organisations.map(async (id) => ({ id, readingKey: (await createReadingKey(seedOf(id))).publicKey })),
    );
    for (const mspId of organisations) sealed.set(mspId, []);
    for (const key of keys) {
      const wraps = await wrapShares(key, receivers);
      for (const [at, mspId] of organisations.entries()) {
        sealed.get(mspId)?.push({ category: key.category, epoch: 1, wrap: wraps[at] ?? '' });
      }
    }
  });

  /** The doctor takes a reading key that somebody holds. */
  async function takeKeys(): Promise<typeof care.world.people.doctor> {
    const { publicKey: readingKey } = await createReadingKey(reader);
    const next = await createIdentity('HospitalMSP', { role: 'doctor' });
    const args = [doctorId, JSON.stringify({ ...next.keys, readingKey })];
    const call = { channel: 'registry', contract: 'registry', function: 'rotateKeys', args };
    const transient = confirmed(care.world.credentials.doctor, call);
    await care.world.ledger.submit({ ...call, caller: care.world.people.doctor, transient });
    return next;
  }

  /** As the doctor, who states an emergency and asks for what it opens. */
  async function breakGlass(): Promise<string> {
    const id = await care.openEmergency(1);
    await care.requestAccess(1, { categories: named, purpose: 'ETREAT' }, care.staff('doctor'), id);
    return id;
  }

  function release(
    mspId: Organisation,
    categories: readonly Category[] = named,
    seed = seedOf(mspId),
    person = doctorId,
  ) {
    const officer = care.world.registrars[mspId];
    const shares = (sealed.get(mspId) ?? []).filter(({ category }) => categories.includes(category));
    const escrow = createEscrow(connectTo(care.world.ledger, officer), officer, seed);
    return escrow.release({ mspId, patient: patientIds.patient, person, shares });
  }
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => 'nothing',
      (error: ConnectorError) => error.code,
    );

  it('of two organisations open the summary to a doctor in an emergency, and nothing else', async () => {
    await breakGlass();
    await takeKeys();
    const of = { patient: patientIds.patient, category: 'summary', epoch: 1 } as const;
    const shares = await Promise.all(
      (['HospitalMSP', 'RegulatorMSP'] as const).map(async (mspId) => {
        const released = await release(mspId, ['summary']);
        expect(released.shares.map(({ category, epoch }) => [category, epoch])).toEqual([['summary', 1]]);
        return unwrapRelease(reader, of, doctorId, released.shares[0]?.wrap ?? '');
      }),
    );
    const summary = keys[0];
    if (!summary) throw new Error('no key');
    expect((await combineShares(of, summary.publicKey, shares)).seed).toEqual(summary.seed);
    expect(await refused(release('HospitalMSP'))).toBe('NO_CONSENT');
    expect(await refused(release('HospitalMSP', ['clinical']))).toBe('NO_CONSENT');
  });

  it('are kept where there is no emergency, for anybody else, and from who is suspended', async () => {
    expect(await refused(release('PharmacyMSP', ['summary']))).toBe('NO_CONSENT');
    await breakGlass();
    const other = practitionerIdOf('otherDoctor');
    expect(await refused(release('PharmacyMSP', ['summary'], seedOf('PharmacyMSP'), other))).toBe('NO_CONSENT');
    await suspend(care.world, 'doctor');
    expect(await refused(release('PharmacyMSP', ['summary']))).toBe('SUSPENDED');
  });

  it('that were sealed for another key, or another category, are refused', async () => {
    await breakGlass();
    await takeKeys();
    expect(await refused(release('PharmacyMSP', ['summary'], seedOf('HospitalMSP')))).toBe('STALE_KEY');
    const [summary, clinical] = sealed.get('PharmacyMSP') ?? [];
    if (!summary || !clinical) throw new Error('nothing is sealed');
    sealed.set('PharmacyMSP', [{ ...summary, wrap: clinical.wrap }]);
    expect(await refused(release('PharmacyMSP', ['summary']))).toBe('STALE_KEY');
  });
});

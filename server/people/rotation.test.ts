import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Institution } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import { testKey } from '../testing/certificate.ts';
import { type Person, World } from '../testing/world.ts';
import { certificatesOf, certifiedKeyHash } from './certificates.ts';
import { readKeys } from './keys.ts';
import { requestCertificate, settleKeys } from './rotation.ts';
import type { Actor } from './schema.ts';

let world: World;
let doctor: Person;

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital');
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

/** Says to the fake registry whose key it records. */
function record(person: Person, signingKeyHash: string, readingKey: string) {
  const institution: Institution = {
    id: 'inst-north-hospital',
    kind: 'hospital',
    name: 'North Hospital',
    mspId: 'HospitalMSP',
    status: 'active',
    version: 1,
  };
  const licence = { number: 'L', specialty: '', validFrom: '2020-01-01T00:00:00Z', validTo: '2090-01-01T00:00:00Z' };
  world.ledger.standings.set(person.actor.subjectId, {
    practitioner: {
      ...{ id: person.actor.subjectId, institutionId: institution.id, mspId: 'HospitalMSP', role: 'doctor' },
      ...{ licence, status: 'active', version: 2, keys: { signingKeyHash, readingKey, wallet: '' } },
    },
    institution,
  });
}

describe('next keys', () => {
  it('are certified on the present certificate, and count once the ledger records them', async () => {
    const { actor } = doctor;
    const next = await testKey(actor.subjectId);
    const readingKey = 'B'.repeat(1622);
    const input = { csrPem: 'csr', readingKey, proof: 'A'.repeat(80) };
    expect(await code(requestCertificate(actor, input, world.portal))).toBe('CONNECTOR_REFUSED');
    world.connector.renewals.set('csr', next.certificatePem);
    expect(await requestCertificate(actor, input, world.portal)).toEqual({ certificatePem: next.certificatePem });
    const present = certifiedKeyHash(doctor.key.certificatePem);
    const hashOfNext = certifiedKeyHash(next.certificatePem);

    record(doctor, present, 'A'.repeat(1622));
    expect(await settleKeys(world.portal, actor.subjectId)).toBe(true);
    expect((await readKeys(actor, world.portal)).signingKeyHash).toBe(present);

    record(doctor, hashOfNext, readingKey);
    expect(await settleKeys(world.portal, actor.subjectId)).toBe(true);
    expect(await readKeys(actor, world.portal)).toMatchObject({ signingKeyHash: hashOfNext, recorded: true });
    const kept = (await certificatesOf(world.portal, [actor.subjectId])).get(actor.subjectId);
    expect(kept?.[0]).toBe(next.certificatePem);
  });

  it('are not taken over where nobody knows a certificate of the recorded key', async () => {
    record(doctor, 'f'.repeat(64), 'A'.repeat(1622));
    expect(await settleKeys(world.portal, doctor.actor.subjectId)).toBe(false);
  });

  it('are certified for nobody without a role', async () => {
    const nobody = { ...doctor.actor, role: 'nobody' } as unknown as Actor;
    const input = { csrPem: 'csr', readingKey: 'B'.repeat(1622), proof: 'A'.repeat(80) };
    expect(await code(requestCertificate(nobody, input, world.portal))).toBe('FORBIDDEN');
  });
});

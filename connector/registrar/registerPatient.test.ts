import { expect, it } from 'vitest';
import type { Patient } from '#chaincode/model/patient.ts';
import { patientIds } from '#chaincode/testing/samples.ts';
import { Care, createWorld } from '#chaincode/testing/world.ts';
import { newPseudonym } from '#crypto/identifier.ts';
import { createAuthority } from '../testing/authority.ts';
import { connectTo } from '../testing/contracts.ts';
import { registerPatient } from './registerPatient.ts';

it('puts a patient without keys on the channel once, and leaves who is there as they are', async () => {
  const world = await createWorld();
  const ledger = connectTo(world.ledger, world.registrars.HospitalMSP);
  const offices = new Map([['HospitalMSP', { authority: await createAuthority('HospitalMSP'), ledger }]]);
  const care = new Care(world);
  const pseudonym = newPseudonym(0);
  const ward = { mspId: 'HospitalMSP', pseudonym };
  expect(await registerPatient(offices, ward)).toEqual({ pseudonym });
  expect(await registerPatient(offices, ward)).toEqual({ pseudonym });
  expect(ledger.submitted).toHaveLength(1);
  const registered: Patient = await care.readPatient(pseudonym);
  expect(registered).toEqual({ pseudonym, status: 'active', version: 1 });
  await registerPatient(offices, { ...ward, pseudonym: patientIds.patient });
  expect((await care.readPatient(patientIds.patient)).keys).toEqual(world.people.patient.keys);
  const elsewhere = registerPatient(offices, { ...ward, mspId: 'PharmacyMSP' });
  await expect(elsewhere).rejects.toThrow(expect.objectContaining({ code: 'NOT_SERVED' }));
});

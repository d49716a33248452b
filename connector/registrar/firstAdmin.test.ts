import { expect, it } from 'vitest';
import { ConnectorError } from '../errors.ts';
import { createFakeLedger } from '../testing/ledger.ts';
import { staffEnrolment } from '../testing/requests.ts';
import { registerFirstAdmin } from './firstAdmin.ts';
import { enrolment, type StaffEnrolment } from './schema.ts';

const admin = (): StaffEnrolment => {
  const wanted = enrolment.parse({ ...staffEnrolment('csr'), role: 'admin', institutionId: 'inst-lakeside-hospital' });
  if (wanted.role === 'patient') throw new Error('a patient');
  return wanted;
};

/** A ledger whose institution has nobody yet, or somebody. */
function ledgerOf(people: number) {
  const ledger = createFakeLedger();
  const submitted: string[][] = [];
  const evaluate = ledger.evaluate;
  ledger.evaluate = async (call) => {
    if (call.function !== 'listPractitioners') return evaluate(call);
    return JSON.stringify({ items: people > 0 ? [ledger.practitioner] : [], bookmark: '' });
  };
  ledger.submit = async (call) => {
    submitted.push([call.function, ...call.args]);
  };
  return { ledger, submitted };
}

it('is registered where the institution has nobody', async () => {
  const { ledger, submitted } = ledgerOf(0);
  const wanted = admin();
  await registerFirstAdmin(ledger, wanted);
  const { subjectId: id, institutionId, role, licence } = wanted;
  expect(submitted).toEqual([['registerPractitioner', JSON.stringify({ id, institutionId, role, licence })]]);
});

it('is nobody where there are people already, and no other role is registered so', async () => {
  const staffed = ledgerOf(1);
  await registerFirstAdmin(staffed.ledger, admin());
  const empty = ledgerOf(0);
  await registerFirstAdmin(empty.ledger, { ...admin(), role: 'doctor' });
  await registerFirstAdmin(empty.ledger, { ...admin(), licence: null });
  expect([...staffed.submitted, ...empty.submitted]).toEqual([]);
});

it('is taken for done where it was done before, and for refused where the ledger refuses', async () => {
  const { ledger } = ledgerOf(0);
  ledger.submit = async () => {
    throw new ConnectorError('ALREADY_EXISTS', 'registered');
  };
  await registerFirstAdmin(ledger, admin());
  ledger.submit = async () => {
    throw new ConnectorError('SUSPENDED', 'proposed');
  };
  await expect(registerFirstAdmin(ledger, admin())).rejects.toMatchObject({ code: 'SUSPENDED' });
});

import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '#server/errors.ts';
import { type Actor, type Role, roles } from '../people/schema.ts';
import { allowChange, type Change } from '../prescriptions/policy.ts';
import { issuedState } from '../testing/fakeLedger.ts';
import { allowReading, allowTransaction } from './policy.ts';
import type { ReadIntent, TransactionKind } from './schema.ts';

const actor = (role: Role, extra: Partial<Actor> = {}): Actor => ({
  personId: 'p',
  sessionId: 's',
  role,
  name: 'N',
  subjectId: `prac-${'d'.repeat(26)}`,
  institutionId: 'inst-river-pharmacy',
  institutionName: null,
  mspId: 'HospitalMSP',
  enrolled: true,
  ...extra,
});

const staff: Role[] = ['doctor', 'pharmacist', 'insurer', 'supplier', 'regulator', 'admin'];
const clinical: Role[] = ['doctor', 'pharmacist', 'patient'];

const allowed: Record<TransactionKind, Role | Role[]> = {
  issue: 'doctor',
  cancel: ['doctor', 'patient'],
  requestCancel: ['doctor', 'patient'],
  answerCancel: 'pharmacist',
  noticeHold: 'patient',
  endHold: 'patient',
  offerTransfer: 'pharmacist',
  acceptTransfer: 'pharmacist',
  withdrawTransfer: 'pharmacist',
  refuseTransfer: 'patient',
  authorisePickup: 'patient',
  revokePickup: 'patient',
  askRenewal: ['patient', 'pharmacist'],
  denyRenewal: 'doctor',
  withdrawRenewal: ['patient', 'pharmacist'],
  accept: 'pharmacist',
  return: 'pharmacist',
  reserve: 'pharmacist',
  releaseReservation: 'pharmacist',
  dispense: 'pharmacist',
  close: 'pharmacist',
  voidCode: 'patient',
  renewCode: 'patient',
  linkWallet: staff,
  unlinkWallet: staff,
  'patients:rotateKeys': 'patient',
  'patients:addCredential': 'patient',
  'patients:removeCredential': 'patient',
  'patients:setStatus': 'regulator',
  'patients:appoint': ['patient', 'admin'],
  'patients:endRepresentation': ['patient', 'admin'],
  'patients:proposeReenrolment': 'admin',
  'patients:approveReenrolment': 'regulator',
  'patients:refuseReenrolment': ['patient', 'admin', 'regulator'],
  'records:open': 'patient',
  'records:renewEpochs': 'patient',
  'records:addWraps': 'patient',
  'records:add': clinical,
  'records:retract': clinical,
  'records:putIndex': clinical,
  'consents:grant': 'patient',
  'consents:revoke': 'patient',
  'consents:decline': 'patient',
  'consents:request': ['doctor', 'pharmacist'],
  'consents:withdraw': ['doctor', 'pharmacist'],
  'access:request': clinical,
  'access:openEmergency': 'doctor',
  'access:confirmEmergency': 'doctor',
  'access:reviewEmergency': ['regulator', 'admin'],
  admitInstitution: 'regulator',
  refuseInstitution: 'regulator',
  setInstitutionStatus: 'regulator',
  registerPractitioner: 'admin',
  setPractitionerStatus: ['admin', 'regulator'],
  renewLicence: 'admin',
  registerDevice: 'admin',
  setDeviceStatus: 'admin',
  rotateDeviceKeys: 'admin',
  transferDevice: 'admin',
  acceptDevice: 'admin',
  delegate: ['doctor', 'pharmacist'],
  endDelegation: ['doctor', 'pharmacist', 'admin'],
  addCredential: staff,
  removeCredential: staff,
  rotateKeys: staff,
  putInstitutionReading: 'admin',
  wrapForStaff: 'admin',
  proposeReenrolment: 'admin',
  approveReenrolment: 'regulator',
  refuseReenrolment: staff,
  registerProduct: ['supplier', 'regulator'],
  registerSite: ['admin', 'regulator'],
  capture: ['supplier', 'pharmacist', 'regulator'],
  recall: ['supplier', 'regulator'],
  endRecall: ['supplier', 'regulator'],
  'circles:seat': 'patient',
  'circles:unseat': ['patient', 'doctor'],
  'circles:commit': ['patient', 'doctor'],
  'telemetry:archive': ['patient', 'doctor'],
  'telemetry:setPlan': 'doctor',
  'telemetry:resealPlan': ['patient', 'doctor'],
  'alerts:acknowledge': 'doctor',
  'alerts:close': 'doctor',
  'reports:file': clinical,
  'reports:ask': 'regulator',
  'reports:answer': clinical,
  'reports:assess': 'regulator',
  'reports:close': 'regulator',
  'claims:publishPlan': 'insurer',
  'claims:closePlan': 'insurer',
  'claims:decidePolicy': 'insurer',
  'claims:endPolicy': 'insurer',
  'claims:submit': ['doctor', 'pharmacist'],
  'claims:decide': 'insurer',
  'claims:ask': 'insurer',
  'claims:answer': ['doctor', 'pharmacist'],
  'claims:cash': ['doctor', 'pharmacist'],
  'claims:reverse': ['insurer', 'doctor', 'pharmacist'],
  'formulary:put': ['regulator', 'admin'],
  'formulary:withdraw': ['regulator', 'admin'],
  'formulary:declareShortage': 'regulator',
  'formulary:endShortage': 'regulator',
};
const kinds = Object.keys(allowed) as TransactionKind[];

function refusal(work: () => void): ErrorCode | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('who may ask for which transaction', () => {
  const cases = kinds.flatMap((kind) => roles.map((role) => ({ kind, role })));

  it.each(cases)('$role · $kind', ({ kind, role }) => {
    const expected = [allowed[kind]].flat().includes(role) ? undefined : 'FORBIDDEN';
    expect(refusal(() => allowTransaction(actor(role), kind))).toBe(expected);
  });

  it.each(['constructor', 'toString', 'mint', ''])('refuses the unknown kind %j', (kind) => {
    for (const role of roles) {
      expect(refusal(() => allowTransaction(actor(role), kind as TransactionKind))).toBe('FORBIDDEN');
    }
  });

  it('refuses an unknown role', () => {
    for (const kind of kinds) expect(refusal(() => allowTransaction(actor('nurse' as Role), kind))).toBe('FORBIDDEN');
  });

  it('refuses who has no keys', () => {
    expect(refusal(() => allowTransaction(actor('doctor', { enrolled: false }), 'issue'))).toBe('NOT_ENROLLED');
  });

  const readings: Record<ReadIntent['kind'], Role[]> = {
    readWraps: ['doctor', 'patient'],
    readRelease: ['pharmacist'],
    readTransfer: ['pharmacist'],
    readRegister: ['regulator'],
    'records:readKeys': ['patient', 'doctor', 'pharmacist'],
    'records:readOwn': ['patient'],
    'records:readHolders': ['patient'],
    'records:readOwnDocuments': ['patient'],
    'consents:list': ['patient'],
    'consents:listRequests': ['patient'],
    'consents:readRequest': clinical,
    'consents:mine': ['doctor', 'pharmacist'],
    'access:read': clinical,
    'access:readDocuments': clinical,
    'access:readEscrow': clinical,
    'access:listByPatient': ['patient'],
    'circles:read': ['patient', 'doctor'],
    'circles:readEpochs': ['patient', 'doctor'],
    'circles:listSeatsOf': ['patient', 'doctor'],
    'telemetry:readArchives': clinical,
    'telemetry:readPlan': ['patient', 'doctor'],
    'telemetry:readBatch': ['patient', 'doctor'],
    'telemetry:listBatches': ['patient', 'doctor'],
    'telemetry:readStream': ['patient', 'doctor'],
    'alerts:read': ['patient', 'doctor'],
    'alerts:listByPatient': ['patient', 'doctor'],
    'reports:readWrap': [...clinical, 'regulator'],
    'claims:readWrap': ['doctor', 'pharmacist', 'insurer'],
    readStaffWrap: staff,
    readStaffWraps: ['admin'],
  };
  it.each(roles)('%s reads only what is theirs', (role) => {
    for (const kind of Object.keys(readings) as ReadIntent['kind'][]) {
      const expected = readings[kind].includes(role) ? undefined : 'FORBIDDEN';
      expect(
        refusal(() => allowReading(actor(role), kind)),
        kind,
      ).toBe(expected);
    }
  });
});

describe('what the contract would refuse is told before signing', () => {
  const now = new Date('2026-05-01T00:00:00Z');
  const id = `rx-0-${'a'.repeat(26)}`;
  const patient = `pt-0-${'b'.repeat(26)}`;
  const state = (change: object = {}) => ({
    ...issuedState({
      id,
      patient,
      expires: '2026-06-01T00:00:00Z',
      cid: `b${'a'.repeat(58)}`,
      contentHash: '0'.repeat(64),
      redeemHash: '1'.repeat(64),
      commitment: `0x${'2'.repeat(64)}`,
      quantity: 10,
      fills: 1,
    }),
    ...change,
  });
  const held = (institutionId: string) => ({
    state: 'accepted' as const,
    holder: { practitionerId: `prac-${'x'.repeat(26)}`, institutionId, since: '2026-04-30T00:00:00Z' },
  });
  const changes: { [Kind in Change['kind']]: Extract<Change, { kind: Kind }> } = {
    accept: { kind: 'accept', id, redeemKey: '' },
    return: { kind: 'return', id },
    reserve: { kind: 'reserve', id, reservation: { dispenseId: 'disp-a', quantity: 1, packs: 1, packsHash: '' } },
    releaseReservation: { kind: 'releaseReservation', id, dispenseId: 'disp-a' },
    dispense: { kind: 'dispense', id, dispense: { id: 'disp-a', quantity: 1, cid: '', contentHash: '' }, envelope: '' },
    close: { kind: 'close', id, reason: '' },
    cancel: { kind: 'cancel', id, reason: '' },
    voidCode: { kind: 'voidCode', id },
    renewCode: { kind: 'renewCode', id, redeemHash: '', secrets: { codeWrap: '', releaseShare: '', patientWrap: '' } },
  };
  const check = (who: Actor, kind: Change['kind'], change: object = {}) =>
    refusal(() => allowChange(who, changes[kind], state(change), now));
  const pharmacist = actor('pharmacist');

  it('accept', () => {
    expect(check(pharmacist, 'accept')).toBeUndefined();
    expect(check(pharmacist, 'accept', held('inst-hill-pharmacy'))).toBe('HELD_BY_ANOTHER');
    expect(check(pharmacist, 'accept', held('inst-river-pharmacy'))).toBe('WRONG_STATE');
    expect(check(pharmacist, 'accept', { codeValid: false })).toBe('CODE_VOID');
    expect(check(pharmacist, 'accept', { expires: now.toISOString() })).toBe('EXPIRED');
    expect(check(pharmacist, 'accept', { state: 'cancelled' })).toBe('CANCELLED');
    expect(check(pharmacist, 'accept', { state: 'completed' })).toBe('COMPLETED');
  });

  it.each(['return', 'reserve', 'releaseReservation', 'dispense', 'close'] as const)('%s', (kind) => {
    expect(check(pharmacist, kind, held('inst-river-pharmacy'))).toBeUndefined();
    expect(check(pharmacist, kind, held('inst-hill-pharmacy'))).toBe('HELD_BY_ANOTHER');
    expect(check(pharmacist, kind)).toBe('WRONG_STATE');
    expect(check(actor('pharmacist', { institutionId: null }), kind, held('inst-river-pharmacy'))).toBe(
      'HELD_BY_ANOTHER',
    );
  });

  it.each(['return', 'close'] as const)('%s waits for what is reserved', (kind) => {
    const reservation = { dispenseId: 'disp-a', quantity: 1, packs: 1, packsHash: '', at: '' };
    const reserved = { reservation: { ...reservation, practitionerId: '', institutionId: 'inst-river-pharmacy' } };
    expect(check(pharmacist, kind, { ...held('inst-river-pharmacy'), ...reserved })).toBe('WRONG_STATE');
  });

  it('cancel', () => {
    expect(check(actor('doctor'), 'cancel')).toBeUndefined();
    expect(check(actor('doctor', { subjectId: `prac-${'e'.repeat(26)}` }), 'cancel')).toBe('NOT_AUTHORISED');
    expect(check(actor('doctor'), 'cancel', held('inst-river-pharmacy'))).toBe('HELD_BY_ANOTHER');
  });

  it.each(['voidCode', 'renewCode'] as const)('%s', (kind) => {
    expect(check(actor('patient', { subjectId: patient }), kind)).toBeUndefined();
    expect(check(actor('patient', { subjectId: `pt-0-${'c'.repeat(26)}` }), kind)).toBe('NOT_AUTHORISED');
    expect(check(actor('patient', { subjectId: patient }), kind, { state: 'completed' })).toBe('COMPLETED');
  });
});

import type { LedgerErrorCode } from '../model/errors.ts';

/**
 * Who may do what with a record under which circumstance, as one table: it is asked of the chaincode itself
 * (`chaincode/matrix.test.ts`) and of the portal's services (`server/transactions/matrix.test.ts`). Every answer is written by
 * hand; what is derived says how.
 */

export const roles = [
  'patient',
  /** Another patient, who acts for the patient in `delegate` alone. */
  'otherPatient',
  /** Of the hospital; wrote the document, asked for the consent. */
  'doctor',
  /** Of the same hospital. */
  'otherDoctor',
  'pharmacist',
  /** Of the hospital. */
  'admin',
  'regulator',
  'insurer',
  /** A certificate whose key no ledger records. */
  'stranger',
] as const;
export type Role = (typeof roles)[number];

export const actions = [
  /** A document of `clinical`. */
  'add',
  /** The doctor's document. */
  'retract',
  /** Of `clinical`. */
  'putIndex',
  /** `clinical` to treat; in `breakGlass`, for clinicians, `summary` by the doctor's emergency. */
  'requestAccess',
  /** By an access that the caller requested before the circumstance came; who could not, by the doctor's. */
  'read',
  'readDocuments',
  /** A permit of `clinical` for a doctor. */
  'grant',
  /** A permit of `genetic` for a pharmacy. */
  'revoke',
  'requestConsent',
  /** The doctor's request. */
  'decline',
  'withdraw',
  'openEmergency',
  /** A third doctor's emergency. */
  'confirmEmergency',
  'reviewEmergency',
  /** Of the other patient; practitioners with a document and an end. */
  'appoint',
  /** Of a third patient, whom the patient appointed. */
  'endRepresentation',
] as const;
export type Action = (typeof actions)[number];

export const circumstances = [
  /** The three clinicians are permitted `clinical` to treat. */
  'consent',
  'none',
  /** The permits have ended. */
  'expired',
  'revoked',
  /** They are permitted `results`. */
  'wrongCategory',
  /** They are permitted research. */
  'wrongPurpose',
  /** As `consent`; everybody is suspended before the call. */
  'suspendedActor',
  /** As `consent`; the other patient acts for the patient. */
  'delegate',
  /** As `none`; the doctor has opened an emergency. */
  'breakGlass',
  /** As `consent`; the proposal says that it is three minutes older. */
  'backdatedProposal',
  /** As `consent`; the categories have begun another epoch since. */
  'staleKey',
] as const;
export type Circumstance = (typeof circumstances)[number];

export type Answer = 'allowed' | LedgerErrorCode;
type Row = Record<Role, Answer>;

interface Answers {
  /** Under `consent`, and wherever nothing else is said. */
  usual: Row;
  /** Under `none`, `expired`, `revoked`, `wrongCategory`, `wrongPurpose` and `breakGlass`. */
  withoutConsent?: Partial<Row>;
  breakGlass?: Partial<Row>;
  delegate?: Partial<Row>;
  staleKey?: Partial<Row>;
  /** Of the role that does it, but not the one whose it is. */
  suspendedActor?: Partial<Row>;
  /** An evaluation goes by the peer's clock, so that a proposal's time does not matter. */
  evaluated?: true;
}

/** Nobody of those who are no clinician and no owner. */
const officers = { admin: 'NOT_AUTHORISED', regulator: 'NOT_AUTHORISED', insurer: 'NOT_AUTHORISED' } as const;
/** What owners and clinicians do. */
const onRecord: Row = {
  patient: 'allowed',
  otherPatient: 'NOT_AUTHORISED',
  doctor: 'allowed',
  otherDoctor: 'allowed',
  pharmacist: 'allowed',
  ...officers,
  stranger: 'NOT_REGISTERED',
};
/** What owners do: no other key is a patient's. */
const byOwner: Row = {
  patient: 'allowed',
  otherPatient: 'NOT_AUTHORISED',
  doctor: 'NOT_REGISTERED',
  otherDoctor: 'NOT_REGISTERED',
  pharmacist: 'NOT_REGISTERED',
  admin: 'NOT_REGISTERED',
  regulator: 'NOT_REGISTERED',
  insurer: 'NOT_REGISTERED',
  stranger: 'NOT_REGISTERED',
};
/** What practitioners do: no patient's key is one's. */
const byNobody: Row = {
  patient: 'NOT_REGISTERED',
  otherPatient: 'NOT_REGISTERED',
  doctor: 'NOT_AUTHORISED',
  otherDoctor: 'NOT_AUTHORISED',
  pharmacist: 'NOT_AUTHORISED',
  ...officers,
  stranger: 'NOT_REGISTERED',
};
const unpermitted = { doctor: 'NO_CONSENT', otherDoctor: 'NO_CONSENT', pharmacist: 'NO_CONSENT' } as const;
const stale = { patient: 'STALE_KEY', doctor: 'STALE_KEY', otherDoctor: 'STALE_KEY', pharmacist: 'STALE_KEY' } as const;
const delegate = { otherPatient: 'allowed' } as const;

export const matrix: Record<Action, Answers> = {
  add: { usual: onRecord, delegate, staleKey: stale },
  retract: {
    usual: { ...onRecord, otherDoctor: 'NOT_AUTHORISED', pharmacist: 'NOT_AUTHORISED' },
    delegate,
    suspendedActor: { otherDoctor: 'SUSPENDED', pharmacist: 'SUSPENDED' },
  },
  putIndex: { usual: onRecord, delegate, withoutConsent: unpermitted, staleKey: stale },
  requestAccess: {
    usual: onRecord,
    delegate,
    withoutConsent: unpermitted,
    breakGlass: { doctor: 'allowed', otherDoctor: 'NOT_AUTHORISED', pharmacist: 'NOT_AUTHORISED' },
  },
  read: {
    usual: onRecord,
    delegate,
    withoutConsent: unpermitted,
    breakGlass: { doctor: 'allowed' },
    evaluated: true,
  },
  readDocuments: {
    usual: onRecord,
    delegate,
    withoutConsent: unpermitted,
    breakGlass: { doctor: 'allowed' },
    evaluated: true,
  },
  grant: { usual: byOwner, delegate, staleKey: { patient: 'STALE_KEY' } },
  revoke: { usual: byOwner, delegate, staleKey: { patient: 'STALE_KEY' } },
  requestConsent: {
    usual: { ...byNobody, doctor: 'allowed', otherDoctor: 'allowed', pharmacist: 'allowed' },
  },
  decline: { usual: byOwner, delegate },
  withdraw: {
    usual: { ...byNobody, doctor: 'allowed' },
    suspendedActor: { otherDoctor: 'SUSPENDED', pharmacist: 'SUSPENDED' },
  },
  openEmergency: {
    usual: { ...byNobody, doctor: 'allowed', otherDoctor: 'allowed' },
    breakGlass: { doctor: 'ALREADY_EXISTS' },
  },
  confirmEmergency: { usual: { ...byNobody, doctor: 'allowed', otherDoctor: 'allowed' } },
  reviewEmergency: { usual: { ...byNobody, admin: 'allowed', regulator: 'allowed' } },
  appoint: {
    usual: { ...byNobody, patient: 'allowed', otherPatient: 'NOT_AUTHORISED', admin: 'allowed' },
    delegate: { patient: 'ALREADY_EXISTS', admin: 'ALREADY_EXISTS' },
  },
  endRepresentation: {
    usual: { ...byNobody, patient: 'allowed', otherPatient: 'NOT_AUTHORISED' },
    suspendedActor: { admin: 'SUSPENDED' },
  },
};

/** The answer of one cell. */
export function expectedAnswer(action: Action, role: Role, circumstance: Circumstance): Answer {
  const { usual, withoutConsent, breakGlass, evaluated, ...rest } = matrix[action];
  const without = { ...usual, ...withoutConsent };
  switch (circumstance) {
    case 'none':
    case 'expired':
    case 'revoked':
    case 'wrongCategory':
    case 'wrongPurpose':
      return without[role];
    case 'breakGlass':
      return breakGlass?.[role] ?? without[role];
    case 'suspendedActor':
      // Whose role it is not is told so first.
      return rest.suspendedActor?.[role] ?? (usual[role] === 'allowed' ? 'SUSPENDED' : usual[role]);
    case 'backdatedProposal':
      return evaluated ? usual[role] : 'CLOCK_SKEW';
    case 'delegate':
      return rest.delegate?.[role] ?? usual[role];
    case 'staleKey':
      return rest.staleKey?.[role] ?? usual[role];
    case 'consent':
      return usual[role];
  }
}

/** What the portal answers before it asks the ledger; where a role is not named, the ledger's answer is the portal's. */
type Early = Partial<Record<Role, 'FORBIDDEN' | 'NOT_AUTHORISED'>>;

const forbidden = <Some extends Role>(...named: Some[]) =>
  Object.fromEntries(named.map((role) => [role, 'FORBIDDEN'])) as Record<Some, 'FORBIDDEN'>;
/** Patients whose record it is not. */
const outOfReach = forbidden('otherPatient', 'stranger');
const noClinicians = forbidden('doctor', 'otherDoctor', 'pharmacist');
const noOfficers = forbidden('admin', 'regulator', 'insurer');
const noPatients = forbidden('patient', 'otherPatient', 'stranger');
const notTheirs = { otherDoctor: 'NOT_AUTHORISED', pharmacist: 'NOT_AUTHORISED' } as const;

/** The portal knows roles, who has to do with which patient, and whose document, request and representation it is. */
const early: Record<Action, Early> = {
  add: { ...outOfReach, ...noOfficers },
  retract: { ...outOfReach, ...noOfficers, ...notTheirs },
  putIndex: { ...outOfReach, ...noOfficers },
  requestAccess: { ...outOfReach, ...noOfficers },
  read: noOfficers,
  readDocuments: noOfficers,
  grant: { ...outOfReach, ...noOfficers, ...noClinicians },
  revoke: { ...outOfReach, ...noOfficers, ...noClinicians },
  decline: { ...outOfReach, ...noOfficers, ...noClinicians },
  requestConsent: { ...noPatients, ...noOfficers },
  withdraw: { ...noPatients, ...noOfficers, ...notTheirs },
  openEmergency: { ...noPatients, ...noOfficers, ...forbidden('pharmacist') },
  confirmEmergency: { ...noPatients, ...noOfficers, ...forbidden('pharmacist') },
  reviewEmergency: { ...noPatients, ...noClinicians, ...forbidden('insurer') },
  appoint: { ...outOfReach, ...noClinicians, ...forbidden('regulator', 'insurer') },
  endRepresentation: {
    ...{ ...noClinicians, ...forbidden('regulator', 'insurer') },
    ...{ otherPatient: 'NOT_AUTHORISED', stranger: 'NOT_AUTHORISED', admin: 'NOT_AUTHORISED' },
  },
};

/** The answer of one cell at the portal, which is never more than the ledger's. */
export function expectedAtPortal(action: Action, role: Role, circumstance: Circumstance): Answer | 'FORBIDDEN' {
  const answer = expectedAnswer(action, role, circumstance);
  const acts = circumstance === 'delegate' && matrix[action].delegate?.[role] === 'allowed';
  return acts ? answer : (early[action][role] ?? answer);
}

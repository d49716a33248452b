import { billAddress } from '#components/insurance/billAddress.ts';
import { recordAddress } from '#components/patient/recordAddress.ts';
import { homeOf, keysAddress } from '#components/shell/navigation.ts';
import type { NoticeView } from '#server/notices/schema.ts';
import type { Role } from '#server/people/schema.ts';

/** Where somebody sees, and can do something about, what a notice says. */
export function noticeAddress(
  { kind, subject, patient: { pseudonym } }: Pick<NoticeView, 'kind' | 'subject' | 'patient'>,
  { role, subjectId }: { role: Role; subjectId: string },
): string {
  const represented = pseudonym === subjectId ? undefined : pseudonym;
  switch (kind) {
    case 'emergencyOpened':
    case 'emergencyConfirmed':
    case 'emergencyReviewed':
      if (role === 'patient') return recordAddress('log', represented);
      return role === 'regulator' || role === 'admin' ? `${homeOf(role)}/emergencies` : homeOf(role);
    case 'accessRequested':
      return recordAddress('sharing', represented);
    case 'representationBegun':
      return represented === undefined ? recordAddress('sharing') : recordAddress('record', represented);
    case 'representationEnded':
      // Who acted for somebody reaches that record no more.
      return recordAddress(represented === undefined ? 'sharing' : 'record');
    case 'requestGranted':
    case 'requestDeclined':
      return homeOf(role);
    case 'seated':
    case 'unseated':
    case 'alertRaised':
    case 'alertEscalated':
      if (role === 'patient') return recordAddress('readings', represented);
      return kind === 'unseated' ? '/doctor/monitoring' : `/doctor/monitoring/${pseudonym}`;
    case 'reenrolmentProposed':
    case 'reenrolmentApproved':
    case 'reenrolmentCompleted':
      return represented === undefined ? keysAddress : homeOf(role);
    case 'claimBilled':
    case 'claimApproved':
    case 'claimPartlyApproved':
    case 'claimDenied':
    case 'claimAsked':
    case 'claimPaid':
    case 'claimHelped':
    case 'claimReversed':
    case 'agreementAsked':
    case 'agreementGiven':
    case 'agreementDenied':
      return billAddress(subject);
    case 'billQuestioned':
    case 'billCut':
    case 'askedAnswered':
      return role === 'pharmacist' ? '/pharmacy/claims' : '/doctor/billing';
  }
}

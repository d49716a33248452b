import { z } from 'zod';

export const noticeKinds = [
  /** A doctor has opened the emergency summary of the record; a second one all of it; somebody has reviewed that. */
  'emergencyOpened',
  'emergencyConfirmed',
  'emergencyReviewed',
  /** A clinician asks to read. */
  'accessRequested',
  /** The patient has answered the own request. */
  'requestGranted',
  'requestDeclined',
  /** Somebody acts for the patient, or no longer. */
  'representationBegun',
  'representationEnded',
  /** New keys for the person are proposed, approved, or count from now on. */
  'reenrolmentProposed',
  'reenrolmentApproved',
  'reenrolmentCompleted',
  /** Somebody takes part in watching the patient, or no longer. */
  'seated',
  'unseated',
  /** A device called for somebody; nobody came in time. */
  'alertRaised',
  'alertEscalated',
  /** A bill was sent to the insurer, which decided, asked about it or paid; the fund helped; it was taken back. */
  'claimBilled',
  'claimApproved',
  'claimPartlyApproved',
  'claimDenied',
  'claimAsked',
  'claimPaid',
  'claimHelped',
  'claimReversed',
  /** An insurer was asked to agree to a service before it is given, and did or did not. */
  'agreementAsked',
  'agreementGiven',
  'agreementDenied',
  /** To whoever billed it: the insurer asks about it, does not pay it in full, or has answered what was asked beforehand. */
  'billQuestioned',
  'billCut',
  'askedAnswered',
] as const;
export type NoticeKind = (typeof noticeKinds)[number];
/** Of these only the member of the policy is told. */
export type ClaimNoticeKind = Extract<NoticeKind, `claim${string}` | `agreement${string}`>;

/** What a person is told. */
export interface NoticeView {
  id: string;
  kind: NoticeKind;
  /** Id of what it is about. */
  subject: string;
  /** Whose record it is about: pseudonym, and name where it is one's own or somebody's whom one may know. */
  patient: { pseudonym: string; name?: string };
  /** ISO 8601 */
  at: string;
  read: boolean;
}

export const listNotices = z.object({ unreadOnly: z.boolean().default(false) });
export const markRead = z.object({ ids: z.array(z.uuid()).min(1).max(200) });

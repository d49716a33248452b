import type { NoticeKind } from '#server/notices/schema.ts';

/** Whose, where it is not the reader's own. */
type Whose = string | undefined;
const of = (whose: Whose) => (whose === undefined ? 'your' : `${whose}’s`);
const person = (whose: Whose) => (whose === undefined ? 'you' : whose);

/** What people are told. */
export const notices = {
  title: 'Notices',
  open: (unread: number) => (unread === 0 ? 'Notices' : `Notices, ${unread} new`),
  none: 'Nothing to tell you',
  noneBody: 'Requests, emergencies, bills and changes that concern you are told here.',
  new: 'New',
  somebody: 'a patient',
  words: {
    emergencyOpened: (whose) => `A doctor stated an emergency and opened ${of(whose)} emergency summary`,
    emergencyConfirmed: (whose) => `A second doctor opened ${of(whose)} whole record in an emergency`,
    emergencyReviewed: (whose) => `The emergency about ${of(whose)} record was reviewed`,
    accessRequested: (whose) => `Somebody asks to read ${of(whose)} record`,
    requestGranted: (whose) => `${whose === undefined ? 'You' : capital(whose)} allowed what was asked for`,
    requestDeclined: (whose) => `${whose === undefined ? 'You' : capital(whose)} declined what was asked for`,
    representationBegun: (whose) => (whose === undefined ? 'Somebody acts for you now' : `You act for ${whose} now`),
    representationEnded: (whose) =>
      whose === undefined ? 'Somebody no longer acts for you' : `You no longer act for ${whose}`,
    reenrolmentProposed: (whose) => `New keys were proposed for ${person(whose)}. Object if they are not wanted.`,
    reenrolmentApproved: (whose) => `New keys for ${person(whose)} were approved and count in three days`,
    reenrolmentCompleted: (whose) => `New keys for ${person(whose)} count from now on`,
    seated: (whose) =>
      whose === undefined ? 'Somebody was added to those who watch you' : `You take part in watching ${whose}`,
    unseated: (whose) =>
      whose === undefined
        ? 'Somebody no longer takes part in watching you'
        : `You no longer take part in watching ${whose}`,
    // No word of what it is about: a notice is shown on locked screens, too.
    alertRaised: (whose) => `There is an alert about ${person(whose)}`,
    alertEscalated: (whose) => `Nobody has taken on the alert about ${person(whose)} yet`,
    // Members alone are told of their claims, so that nobody else is named.
    claimBilled: () => 'A bill was sent to your insurer',
    claimApproved: () => 'Your insurer agreed to a bill',
    claimPartlyApproved: () => 'Your insurer pays part of a bill. You can appeal.',
    claimDenied: () => 'Your insurer denied a bill. You can appeal.',
    claimAsked: () => 'Your insurer asked about a bill before it decides',
    claimPaid: () => 'Your insurer paid its share of a bill',
    claimHelped: () => 'The assistance fund paid for you',
    claimReversed: () => 'A bill was taken back',
    agreementAsked: () => 'Your insurer was asked to agree to something beforehand',
    agreementGiven: () => 'Your insurer agreed to something beforehand',
    agreementDenied: () => 'Your insurer did not agree to something beforehand',
    billQuestioned: () => 'An insurer asks about a bill of yours',
    billCut: () => 'An insurer does not pay a bill of yours in full',
    askedAnswered: () => 'An insurer has answered what you asked beforehand',
  } satisfies Record<NoticeKind, (whose: Whose) => string>,
};

function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

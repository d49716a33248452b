/** An insurer's first screen: claims to decide, and all others. */
export const claimsQueue = {
  title: 'Claims',
  list: {
    waiting: 'To decide',
    all: 'All claims',
    filters: 'Which claims are shown',
    body: 'The plan’s rules decide what is clear. What came to a person waits here: appeals first, then what has waited longest.',
    oldest: 'Decide the first',
    count: (shown: string, total: string) => `${shown} of ${total}`,
    empty: 'Nothing waits for you',
    emptyBody:
      'Pharmacies and hospitals send claims with their evidence; the plan’s rules decide those that are clear. What they leave to a person comes here by itself.',
    none: 'No claim stands so',
    noneBody: 'Choose another state above, or look at all claims.',
    seeAll: 'See all claims',
    pages: 'Pages',
    newer: 'Page before',
    older: 'Next page',
    page: (page: string, of: string) => `Page ${page} of ${of}`,
  },
  row: {
    open: (what: string, provider: string) => `${what}, billed by ${provider}`,
    preauthorisation: 'asked beforehand',
    billed: 'billed',
    insurer: (amount: string) => `we pay ${amount}`,
    served: (day: string) => `served ${day}`,
    why: 'Came to a person:',
    appealed: 'The member does not agree with the decision.',
    unsaid: 'No reason was noted.',
    byRule: 'decided by the rules',
    byPerson: 'decided by a person',
  },
};

export const formulary = {
  title: 'Formulary',
  tiers: {
    tier1: 'Tier 1',
    tier2: 'Tier 2',
    tier3: 'Tier 3',
    tier4: 'Tier 4',
    notCovered: 'Not covered',
    unlisted: 'Not listed',
  },
  tierMeaning: {
    tier1: 'Costs the patient least',
    tier2: 'Costs the patient little',
    tier3: 'Costs the patient more',
    tier4: 'Costs the patient most',
    notCovered: 'The patient pays all of it',
    unlisted: 'The formulary says nothing of it',
  },
  status: {
    short: 'Shortage',
    shortByStock: 'Less in stock than was dispensed in 14 days',
    shortUntil: (day: string) => `expected until ${day}`,
    generics: (count: number) => (count === 1 ? '1 generic alternative' : `${count} generic alternatives`),
    narrowed: 'by your institution',
    by: { national: 'For all', institution: 'Your institution' },
    restricted: 'Restricted',
  },
  words: {
    forAll: 'everybody',
    put: (what: string, tier: string, scope: string) => `List ${what} as “${tier}” for ${scope}.`,
    putMany: (count: number, scope: string) => `Put ${count} entries of the formulary in force for ${scope}.`,
    withdraw: (what: string, scope: string) => `Withdraw what the formulary says of ${what} for ${scope}.`,
    declareShortage: (what: string, reason: string, until: string | undefined) =>
      `Declare a shortage of ${what}${until === undefined ? '' : `, expected until ${until}`}. Reason: ${reason}`,
    endShortage: (what: string) => `Declare that the shortage of ${what} has ended.`,
  },
};

/** What an insurer owes and has paid. */
export const claimsPayouts = {
  title: 'Payouts',
  account: {
    title: 'Our account on Ethereum',
    body: 'Approved claims are paid from it by themselves, within the limit of the day.',
    balance: 'In the account',
    covers: 'It covers all that is approved.',
    short: (amount: string) => `${amount} too little for all that is approved. Have the treasurer pay in.`,
    perDay: (spent: string, most: string) => `${spent} of ${most} left it today`,
    release: (amount: string) => `Above ${amount} a second person releases a payment.`,
    none: 'Ethereum does not answer',
    noneBody: 'What is owed stands below all the same. Reload to ask for the account again.',
  },
  owed: {
    title: 'Approved and not final yet',
    none: 'Nothing is owed',
    noneBody: 'Approved claims stand here until their payment is final on Ethereum.',
    who: 'Provider',
    claims: 'Claims',
    approved: 'To be paid',
    onItsWay: 'On its way',
    oldest: 'Since',
    see: 'See the claims',
  },
  paid: {
    title: 'Paid last',
    none: 'Nothing was paid yet',
    noneBody: 'Payments stand here once they are final on Ethereum and noted on their claims.',
    kinds: { payment: 'paid', refund: 'paid back to us' },
    claim: (provider: string) => `Claim of ${provider}`,
  },
};

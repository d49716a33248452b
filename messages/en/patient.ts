/** Pages of a patient's record, the own one and those of people whom the patient represents. */
export const patient = {
  titles: { record: 'My record', readings: 'My readings', sharing: 'Sharing', log: 'Who saw it' },
  titlesOther: { record: 'Record', readings: 'Readings', sharing: 'Sharing', log: 'Who saw the record' },
  acting: {
    title: (name: string) => `You act for ${name}`,
    body: 'All of this page is about this person. What you do is recorded as done by you.',
    back: 'To my own',
    others: 'You also act for',
  },
  log: {
    title: 'Readings, newest first',
    intro:
      'Each time somebody gets the keys to read this record, it is written on the ledger first: nobody, the portal included, can read without it or take it away again.',
    reading: 'Asking the ledger who has read',
    none: 'Nobody has read this record',
    noneBody: 'Whoever reads it is named here, with time, parts and reason.',
    older: 'Show older ones',
    you: 'You',
    proof: 'Proof',
    proofTitle: 'What the ledger has of this reading',
    proofBody:
      'Which parts were read and why stands encrypted for you alone; everybody on the ledger sees that it happened.',
    reader: 'Reader',
    entry: 'Entry',
    open: 'Keys until',
    emergency: {
      title: (name: string, institution: string) => `${name}, ${institution}, stated an emergency`,
      level: { summary: 'Emergency summary opened', full: 'Whole record opened' },
      closes: 'closes',
      closed: 'closed',
      reason: (reason: string) => `Reason given: “${reason}”`,
      confirmed: (name: string) => `Confirmed by ${name}, who opened the rest.`,
      unreviewed: 'The authority or the institution has not reviewed it yet.',
      review: {
        justified: (note: string) => `Reviewed and found justified: “${note}”`,
        unjustified: (note: string) => `Reviewed and found not justified: “${note}”`,
      },
    },
  },
};

/** Pages of a patient's record, the own one and those of people whom the patient represents. */
export const patient = {
  titles: { record: 'My record', sharing: 'Who may see what', log: 'Who saw it' },
  acting: {
    title: (name: string) => `You act for ${name}`,
    body: 'All of this page is about this person. What you do is recorded as done by you.',
    back: 'To my own',
    others: 'You also act for',
  },
};

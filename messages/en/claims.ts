/** Insurance: plans, policies, claims, and what is paid. */
export const claims = {
  /** What somebody signs, in one sentence each. */
  words: {
    publishPlan: (name: string, version: string, from: string) =>
      `Publish version ${version} of the plan ${name}; it decides services from ${from} on.`,
    closePlan: (name: string) => `Close the plan ${name} to new members. Its members stay.`,
    accept: (policy: string, from: string, until: string) =>
      `Insure ${policy} from ${from}${until === '' ? ', without an end' : ` until ${until}`}.`,
    refuse: (policy: string, reason: string) => `Refuse the application ${policy}: “${reason}”.`,
    endPolicy: (policy: string, reason: string) => `End the insurance ${policy} now: “${reason}”.`,
    submit: (what: string, amount: string, insurer: string) => `Bill ${insurer} ${amount} for ${what}.`,
    preauthorisation: (what: string, amount: string, insurer: string) =>
      `Ask ${insurer} to agree beforehand to ${what} for ${amount}.`,
    approved: (insurer: string, patient: string) =>
      `Approve the claim: the insurer pays ${insurer}, the patient ${patient}.`,
    approvedInPart: (insurer: string, patient: string, reasons: string) =>
      `Approve the claim in part: the insurer pays ${insurer}, the patient ${patient}; ${reasons}.`,
    denied: (reasons: string) => `Deny the claim: ${reasons}.`,
    ask: 'Ask the provider about this claim. The question is encrypted.',
    answer: 'Answer the insurer’s question. The answer is encrypted.',
    settle: 'Note that the insurer’s share of this claim was paid.',
    cash: (amount: string) => `Note that the patient paid ${amount} in cash.`,
    reverse: (reason: string) => `Reverse this claim for good: “${reason}”. What was paid has to be paid back.`,
  },
  categories: {
    medicine: 'medicine',
    consultation: 'consultation',
    emergency: 'emergency treatment',
    inpatient: 'stay in hospital',
    diagnostics: 'diagnostics',
  },
  states: {
    submitted: 'sent',
    inReview: 'with a person',
    approved: 'approved',
    partlyApproved: 'approved in part',
    denied: 'denied',
    appealed: 'appealed',
    settled: 'insurer has paid',
    anchored: 'payment final',
    reversed: 'reversed',
  },
  reasons: {
    NOT_COVERED: 'the plan does not cover it',
    NO_PRIOR_AUTHORISATION: 'the insurer had to agree beforehand',
    ANNUAL_LIMIT: 'the limit of the year is reached',
    DEDUCTIBLE: 'the deductible of the year comes first',
    PRICE_ABOVE_LIST: 'it was billed above the price list',
    QUANTITY_ABOVE_DISPENSED: 'more was billed than dispensed',
    NOT_THE_MEMBER: 'it is not the member’s prescription',
    NOT_INSURED_THEN: 'no insurance was in force then',
    TOO_LATE: 'it was claimed too late',
    EVIDENCE_INVALID: 'the evidence does not fit',
    EVIDENCE_MISSING: 'evidence is missing',
    TOKEN_INVALID: 'the prescription’s token does not say so',
    DUPLICATE: 'it was claimed already',
    UNUSUAL: 'it is unusual',
    NOT_NECESSARY: 'it was not necessary',
    RULE: 'a rule of the plan',
    OTHER: 'for another reason',
  },
  history: {
    byRules: 'Decided by the rules of the plan',
    byPerson: 'Decided by a person of the insurer',
    messages: 'What was said',
    kinds: { question: 'The insurer asked', answer: 'The provider answered', appeal: 'The member appealed' },
  },
  statement: {
    title: (year: string) => `Health care bills of ${year}`,
    made: (day: string) => `made on ${day}`,
    service: 'Service',
    columns: { billed: 'billed', insurer: 'insurer', patient: 'you', paid: 'paid by you' },
    total: 'Together',
    page: (at: string, of: string) => `Page ${at} of ${of}`,
  },
};

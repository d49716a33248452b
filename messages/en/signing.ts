/** What each signature says in words before it is made; numbers, dates and names come as the page writes them. */
export const signing = {
  title: 'What you sign',
  intro: 'Your signature says exactly this, and nothing else is signed.',
  details: 'What the ledger gets',
  detail: {
    channel: 'Ledger',
    call: 'Function',
    args: 'Open to everybody on it',
    noArgs: 'nothing but the function’s name',
    hidden: 'Kept private',
    hiddenField: (name: string, bytes: string) => `${name}: ${bytes} bytes, for the organisations that may hold it`,
    challenge: 'Hash that your second factor confirms',
  },
  sign: 'Sign',
  cancel: 'Do not sign',
  signing: 'Signing…',
  locked: 'Your keys are locked.',
  unlock: 'Unlock my keys',
  /** Said while it is signed, where the page itself has asked. */
  signs: (words: string) => `You sign: ${words}`,
  /** Said where the person closed the sheet. */
  declined: 'Nothing was signed.',
  factor: {
    title: 'Confirm that it is you',
    body: 'The ledger itself checks this, besides your signature.',
    passkey: 'Confirm with a passkey',
    passkeyWaiting: 'Waiting for your passkey…',
    pin: 'Signing PIN',
    pinAction: 'Confirm with the PIN',
    pinChecking: 'Checking the PIN…',
    elsewhere: 'Your passkeys were made for another address of this portal',
    elsewhereBody: 'They cannot be asked here. Open the portal at that address, or add a passkey or PIN here.',
    none: 'You have no passkey and no signing PIN yet',
    noneBody: 'The ledger takes this only with one of them. Add one in “Keys and wallet”, then come back.',
    noneAction: 'Add one',
    loading: 'Looking which of your passkeys the ledger knows…',
  },
  words: {
    issue: (what: string, patient: string, amount: string, fills: number, until: string) =>
      `Prescribe ${what} for ${patient}: ${amount}${fills > 1 ? `, ${fills} times` : ''}, valid until ${until}.`,
    controlled: 'It is a controlled medicine.',
    validFrom: (from: string) => `It can be had from ${from} on.`,
    fillEveryDays: (days: string) => `From one time to the next at least ${days} days pass.`,
    series: (part: string, of: string) => `It is part ${part} of ${of}.`,
    replaces: 'It takes the place of an earlier prescription, which is cancelled.',
    renews: 'It answers a request for a renewal.',
    accept: (what: string) => `Take ${what} into this pharmacy’s hands, until you hand it out or give it back.`,
    return: (what: string) => `Give ${what} back, so that any pharmacy can take it.`,
    reserve: (amount: string, what: string) => `Keep ${amount} of ${what} for the packs that were scanned.`,
    releaseReservation: (what: string) => `Release what was kept of ${what} for scanned packs.`,
    dispense: (amount: string, what: string, to?: 'representative' | 'courier') =>
      `Hand out ${amount} of ${what}${to === undefined ? '' : to === 'courier' ? ' to a courier' : ' to somebody who came for the patient'}.`,
    close: (what: string, reason: string) => `Close ${what} with what was handed out. Reason: “${reason}”`,
    cancel: (what: string, reason: string) => `Cancel ${what}. Reason: “${reason}”`,
    requestCancel: (what: string, reason: string) =>
      `Ask the pharmacy that holds ${what} to cancel it. Reason: “${reason}”`,
    agreeCancel: (what: string, reason: string) => `Cancel ${what}, as you were asked. Reason: “${reason}”`,
    refuseCancel: (what: string, reason: string) => `Do not cancel ${what}, though you were asked. Reason: “${reason}”`,
    noticeHold: (what: string) =>
      `Tell the pharmacy that holds ${what} that you want it back. In 24 hours you may end its hold.`,
    endHold: (what: string) => `End the pharmacy’s hold of ${what}, so that any pharmacy can take it.`,
    offerTransfer: (what: string, to: string) => `Offer ${what} to ${to}, which can read it from now on.`,
    acceptTransfer: (what: string) => `Take over ${what} from the pharmacy that offers it.`,
    withdrawTransfer: (what: string) => `End the offer of ${what} to another pharmacy.`,
    refuseTransfer: (what: string) => `Do not let ${what} go to another pharmacy.`,
    authorisePickup: {
      representative: (what: string, until: string) =>
        `Let somebody fetch ${what} for you with a code that counts once, until ${until}.`,
      courier: (what: string, until: string) =>
        `Let a courier fetch ${what} for you with a code that counts once, until ${until}.`,
    },
    revokePickup: (what: string) => `Nobody may fetch ${what} for you any more.`,
    askRenewal: (what: string) => `Ask the prescriber to write ${what} anew.`,
    denyRenewal: (what: string, reason: string) => `Decline to renew ${what}. Reason: “${reason}”`,
    withdrawRenewal: (what: string) => `Withdraw the request to renew ${what}.`,
    voidCode: (what: string) => `Void the access code of ${what}: nobody can take it up with the old code.`,
    renewCode: (what: string) => `Give ${what} a new access code; the old one is worth nothing then.`,
    linkWallet: (address: string) => `Link the wallet ${address} to your entry on the registry.`,
    unlinkWallet: (address: string) => `Take the wallet ${address} off your entry on the registry.`,
    rotateKeys: (whose: string) =>
      `Replace both keys of ${whose}, for signing and for reading. The old signing key is worth nothing then.`,
    addCredential: (kind: 'passkey' | 'pin', whose: string) =>
      `Add ${kind === 'passkey' ? 'a passkey' : 'a signing PIN'} that can confirm signatures of ${whose}.`,
    removeCredential: (whose: string) => `Remove a passkey or signing PIN of ${whose}: it confirms nothing any more.`,
    setPatientStatus: (whose: string, suspended: boolean) =>
      suspended ? `Suspend ${whose}: nothing that ${whose} signs counts.` : `Restore ${whose}.`,
    appoint: (who: string, whom: string, until?: string) =>
      `Let ${who} act for ${whom}: read the record, grant and revoke access and answer requests${until === undefined ? ', until it is ended' : `, until ${until}`}.`,
    endRepresentation: (reason: string) => `End a representation. Reason: “${reason}”`,
    proposeReenrolment: (whose: string) => `Propose new keys for ${whose}, whose old keys are lost.`,
    approveReenrolment: (whose: string) =>
      `Approve the new keys of ${whose}, which count in three days unless somebody objects.`,
    refuseReenrolment: (whose: string, reason: string) => `Refuse the new keys of ${whose}. Reason: “${reason}”`,
    openRecord: (whose: string) => `Make the keys of the record of ${whose}.`,
    renewEpochs: (whose: string, categories: string) =>
      `Renew the keys of ${categories} in the record of ${whose}, for those who may read still.`,
    addWraps: (whose: string) => `Give keys of the record of ${whose} to those who may read it already.`,
    addDocument: (whose: string, category: string, corrects: boolean) =>
      `${corrects ? 'Correct an entry' : 'Add an entry'} under ${category} in the record of ${whose}.`,
    retractDocument: (reason: string) => `Retract an entry of a record. Reason: “${reason}”`,
    putIndex: (whose: string, category: string) =>
      `Write the encrypted index of ${category} in the record of ${whose}.`,
    permit: (who: string, categories: string, purposes: string, until?: string) =>
      `Let ${who} read ${categories} for ${purposes}${until === undefined ? ', until you revoke it' : `, until ${until}`}.`,
    deny: (who: string, categories: string, purposes: string, until?: string) =>
      `Forbid ${who} to read ${categories} for ${purposes}${until === undefined ? ', until you revoke it' : `, until ${until}`}, whatever else allows it.`,
    revoke: 'Revoke this at once, and renew the keys of what it opened.',
    requestConsent: (whose: string, categories: string, purposes: string, reason: string) =>
      `Ask to read ${categories} of ${whose} for ${purposes}. Reason: “${reason}”`,
    declineRequest: 'Decline this request.',
    withdrawRequest: 'Withdraw your request.',
    requestAccess: (whose: string, categories: string, purpose: string) =>
      `Read ${categories} of ${whose} for ${purpose}. The patient sees that you did.`,
    openEmergency: (whose: string, reason: string) =>
      `State an emergency and open the emergency summary of ${whose}. The patient is told, and it is reviewed. Reason: “${reason}”`,
    confirmEmergency: 'Confirm this emergency: the whole record opens for four hours. The patient is told.',
    reviewEmergency: (justified: boolean, note: string) =>
      `Find this emergency ${justified ? 'justified' : 'not justified'}: “${note}”`,
    role: (role: string, institution: string) => `every ${role} of ${institution}`,
    categories: {
      summary: 'the emergency summary',
      clinical: 'problems, allergies and treatments',
      medication: 'medicines',
      results: 'results',
      documents: 'documents',
      mental: 'mental health',
      substance: 'substance use',
      sexual: 'sexual health',
      hiv: 'HIV',
      genetic: 'genetics',
    },
    purposes: { TREAT: 'treatment', HPAYMT: 'payment', HRESCH: 'research', ETREAT: 'an emergency' },
    units: (count: number, text: string) => (count === 1 ? '1 unit' : `${text} units`),
    prescription: (id: string) => `prescription ${id}`,
    newPrescription: 'a medicine',
  },
};

/** What is said for each error code: the title, and what to do next. What was kept is added by the one who knows. */
const texts: Record<string, { title: string; next?: string }> = {
  INVALID_ARGUMENT: { title: 'The ledger refused a value', next: 'Check what you entered and try again.' },
  CLOCK_SKEW: {
    title: 'This computer’s clock differs from the ledger’s by more than two minutes',
    next: 'Set the clock right and try again.',
  },
  NOT_REGISTERED: { title: 'Your signing key is not registered', next: 'Ask your institution to enrol you.' },
  NOT_AUTHORISED: { title: 'The ledger does not allow you to do this' },
  SUSPENDED: { title: 'The registration is suspended', next: 'Ask the health authority.' },
  LICENCE_INVALID: { title: 'The licence is not valid at present', next: 'Ask the institution to renew it.' },
  KEY_EXISTS: { title: 'A key is registered for this person already', next: 'Sign in instead.' },
  ALREADY_EXISTS: { title: 'This is recorded already', next: 'Reload to see it.' },
  NOT_FOUND: { title: 'There is no such prescription', next: 'Scan or type the code again.' },
  WRONG_CHANNEL: { title: 'This belongs to another ledger' },
  WRONG_STATE: { title: 'This is not possible in the present state', next: 'Reload to see the present state.' },
  HELD_BY_ANOTHER: {
    title: 'Another pharmacy holds this prescription',
    next: 'That pharmacy can return it to the patient, so that yours can accept it.',
  },
  WRONG_CODE: { title: 'The code is not that of the prescription', next: 'Scan or type it again.' },
  CODE_VOID: { title: 'The patient has voided this code', next: 'Ask the patient for the new code.' },
  EXPIRED: { title: 'The prescription has expired', next: 'The patient can ask the prescriber for a new one.' },
  CANCELLED: { title: 'The prescriber cancelled this prescription', next: 'The patient can ask the prescriber.' },
  COMPLETED: {
    title: 'Everything prescribed has been dispensed already',
    next: 'The patient can ask the prescriber for a new one.',
  },
  QUANTITY_EXCEEDED: { title: 'That is more than is left on the prescription', next: 'Enter a smaller quantity.' },
  REASON_REQUIRED: { title: 'A reason of at least three characters is needed' },
  SECOND_FACTOR_REQUIRED: {
    title: 'This needs your passkey or signing PIN besides your signature',
    next: 'Add one in “Keys and wallet”, then try again.',
  },
  SECOND_FACTOR_INVALID: {
    title: 'The ledger did not accept your passkey or signing PIN for this',
    next: 'Confirm it again; if it stays so, add the passkey anew.',
  },
  NO_CONSENT: { title: 'The patient has not shared this with you', next: 'Ask the patient for access.' },
  RECORD_NOT_OPENED: {
    title: 'This record has no keys yet',
    next: 'The patient makes them by opening the record once.',
  },
  STALE_KEY: { title: 'The keys of this record were renewed meanwhile', next: 'Reload and try again.' },
  NOT_DUE: { title: 'The time in which the person can object is not over' },
  DELEGATION_ENDED: {
    title: 'What was delegated to this software has ended',
    next: 'The practitioner can delegate anew in "Keys and wallet".',
  },
  RECALLED: { title: 'This medicine is recalled', next: 'Put it aside and follow the recall.' },
  NOT_YET_VALID: {
    title: 'This is prescribed for a later time',
    next: 'The prescription says from when it, or its next fill, can be had.',
  },
  CONTROLLED_INCOMPLETE: {
    title: 'This controlled medicine has no entry in the authority’s register',
    next: 'It cannot be handed out; ask the prescriber for a new prescription.',
  },
  PICKUP_REFUSED: {
    title: 'The pickup code is not valid',
    next: 'Type it again, or ask the patient for a new one.',
  },
  TRANSFER_PENDING: {
    title: 'This prescription is offered to another pharmacy',
    next: 'Take the offer back first.',
  },
  CANCEL_REQUESTED: {
    title: 'Somebody asks you to cancel this prescription',
    next: 'Answer that first.',
  },
  ALREADY_CLAIMED: {
    title: 'This has been claimed before',
    next: 'A service is paid once. The claim that there is can be found in the list.',
  },
  NOT_INSURED: {
    title: 'No insurance was in force',
    next: 'Ask the patient to allow billing the insurer, or bill the patient.',
  },
  STALE: { title: 'Something has changed meanwhile', next: 'Look at it again, then decide.' },
  TOO_LATE: {
    title: 'The time for this is over',
    next: 'The plan says how many days there are for a claim or an appeal.',
  },
  AMOUNT_EXCEEDED: { title: 'That is more than is left to pay of this claim', next: 'Enter a smaller amount.' },
  UNAUTHENTICATED: { title: 'You are not signed in', next: 'Sign in and try again.' },
  PASSWORD_WRONG: { title: 'The present password is not right', next: 'Type it again.' },
  FORBIDDEN: { title: 'Your role does not allow this' },
  INVALID_INPUT: { title: 'Something that was entered is not valid', next: 'Check it and try again.' },
  TOO_LARGE: { title: 'That is larger than Medloom accepts', next: 'Send less at once.' },
  RATE_LIMITED: { title: 'Too many attempts', next: 'Wait a few minutes and try again.' },
  CONFLICT: { title: 'Someone changed this meanwhile', next: 'Reload and try again.' },
  SIGNATURE_INVALID: {
    title: 'The signature is not that of your registered key',
    next: 'Lock and unlock your keys, then try again.',
  },
  PROPOSAL_MISMATCH: {
    title: 'What was to be signed is not what you asked for, so it was not signed',
    next: 'Start the step again; if it stays so, tell your administrator.',
  },
  CONTENT_MISMATCH: {
    title: 'The storage returned other bytes than those that were stored',
    next: 'Do not rely on this document; tell your administrator.',
  },
  SAGA_EXPIRED: { title: 'This was never signed and has run out', next: 'Start it anew.' },
  NOT_ENROLLED: { title: 'You have no keys yet', next: 'Open your invitation to make them.' },
  INVITATION_INVALID: {
    title: 'This invitation is not valid, was used, or has run out',
    next: 'Ask your institution for a new one.',
  },
  MINT_INVALID: {
    title: 'Ethereum did not take the token of this prescription',
    next: 'Sign the token again. The prescription is valid meanwhile.',
  },
  WRONG_CHAIN: { title: 'The wallet is on another chain', next: 'Switch the wallet to the portal’s chain.' },
  LEDGER_UNAVAILABLE: { title: 'The health ledger does not answer', next: 'Try again in a moment.' },
  LEDGER_CONFLICT: { title: 'Someone changed this at the same moment', next: 'Reload and try again.' },
  LEDGER_UNDECIDED: {
    title: 'The ledger has it but has not confirmed it yet',
    next: 'Look again in a moment; do not repeat it.',
  },
  IPFS_UNAVAILABLE: { title: 'The document storage does not answer', next: 'Try again in a moment.' },
  ETHEREUM_UNAVAILABLE: {
    title: 'The Ethereum chain does not answer',
    next: 'Try again in a moment. The prescription is valid without it.',
  },
  CONNECTOR_UNAVAILABLE: { title: 'The institution’s connector does not answer', next: 'Try again in a moment.' },
  CONNECTOR_REFUSED: { title: 'The institution’s connector refused the request' },
  DATABASE_UNAVAILABLE: { title: 'The portal’s database does not answer', next: 'Try again in a moment.' },
  INTERNAL: {
    title: 'Something went wrong in the portal',
    next: 'Try again; if it stays so, tell your administrator.',
  },
  // Codes of the page itself.
  WALLET_NONE: { title: 'No wallet found in this browser', next: 'Use the password or the recovery phrase.' },
  VAULT_REFUSED: { title: 'That does not open your keys', next: 'Check it and try again.' },
  VAULT_LOCK_MISSING: {
    title: 'Your keys cannot be opened in this way',
    next: 'Use the password or the recovery phrase.',
  },
  CODE_MISSING: { title: 'The code is no longer at hand', next: 'Scan or type it again.' },
  QR_ALTERED: { title: 'The code and the number on it do not belong together', next: 'Do not dispense.' },
  ALTERED: {
    title: 'The document was changed after it was signed and is not shown',
    next: 'Do not rely on it; tell your administrator.',
  },
  WRONG_KEY: {
    title: 'This key does not belong to this document',
    next: 'Do not rely on it; tell your administrator.',
  },
  WRAP_REFUSED: {
    title: 'The key of this document could not be opened',
    next: 'It was made for someone else, or was changed. Tell your administrator.',
  },
  TRANSACTION_MISMATCH: {
    title: 'The ledger answered about something else, so nothing was submitted',
    next: 'Start the step again; if it stays so, tell your administrator.',
  },
  BLOCK_MISMATCH: {
    title: 'A block is not what its header says, or does not hold what it should',
    next: 'Tell whoever runs the portal; what the ledger holds is not changed by it.',
  },
  STATUS_MISMATCH: {
    title: 'The portal asked about another transaction, so nothing was signed',
    next: 'Start the step again; if it stays so, tell your administrator.',
  },
  SAGA_NOT_RESUMABLE: { title: 'This cannot be carried on here', next: 'Begin it anew.' },
  VAULT_LOCKED: { title: 'Your keys are locked', next: 'Unlock them and try again.' },
  WALLET_TAKEN: {
    title: 'This wallet is linked to another account',
    next: 'Choose another account in the wallet and try again.',
  },
  WALLET_UNPROVED: { title: 'The wallet’s signature does not fit', next: 'Link the wallet again.' },
  WALLET_LIMIT: { title: 'No more than five wallets can be linked', next: 'Unlink one first.' },
  WALLET_FAILED: { title: 'The wallet did not answer', next: 'Open the wallet, look for its question, and try again.' },
  WALLET_REFUSED: {
    title: 'What was to be signed says something else than it should',
    next: 'Nothing was signed. Reload the page; if it is said again, tell whoever runs this portal.',
  },
  SIGNING_DECLINED: { title: 'Nothing was signed', next: 'Press again when you are ready.' },
  PASSKEY_DECLINED: { title: 'The passkey did not confirm it', next: 'Try again, or choose another way.' },
  PASSKEY_NO_PRF: {
    title: 'This passkey cannot open keys: its device or browser offers no such function',
    next: 'Use the password. It still confirms what you sign.',
  },
  PASSKEY_MALFORMED: { title: 'The passkey answered something else', next: 'Try again, or use another passkey.' },
  PIN_WRONG: { title: 'That is not your signing PIN', next: 'Type it again.' },
  PIN_MISSING: {
    title: 'Your keys hold no signing PIN',
    next: 'Use a passkey, or set a PIN in “Keys and wallet”.',
  },
  PIN_TOO_SHORT: { title: 'A signing PIN has six characters or more', next: 'Choose a longer one.' },
  PASSKEY_UNSUPPORTED: {
    title: 'This browser cannot use passkeys',
    next: 'Use the signing PIN, or another browser.',
  },
  REJECTED: { title: 'The signature was declined in the wallet', next: 'Try again when you are ready.' },
  OFFLINE: { title: 'The portal does not answer', next: 'Check your connection and try again.' },
  REGISTER_MISSING: {
    title: 'The health authority has no key yet for its register of controlled medicines',
    next: 'Ask the authority to make one; until then no controlled medicine can be prescribed here.',
  },
  NOT_IN_FORMULARY: {
    title: 'This product is not in the formulary, so it was not signed',
    next: 'Choose another product, or prescribe it on paper.',
  },
  UNREADABLE: {
    title: 'The content could not be decrypted',
    next: 'Do not rely on this document; tell your administrator.',
  },
};

export const errors = {
  texts,
  kept: (text: string) => `Kept: ${text}`,
  next: (text: string) => `Next: ${text}`,
};

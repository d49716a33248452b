/**
 * Everything that protocol code refuses, by code, with the sentence that a person reads.
 * A page shows `message`; `detail` says what exactly differed and is safe to show too, since it never holds a secret.
 */
export const cryptoErrors = {
  ENCODING: 'This text is not encoded as it should be.',
  KEY_LENGTH: 'A key has the wrong length.',
  ACCESS_CODE_LENGTH: 'An access code has 27 characters. Check that none is missing or typed twice.',
  ACCESS_CODE_CHARACTER: 'An access code has only digits and letters, and never the letter U.',
  ACCESS_CODE_CHECK: 'This access code has a typing mistake. Compare it with the printed one, group by group.',
  QR_MALFORMED: 'This code is not a Medloom prescription, or part of it could not be read.',
  QR_FOREIGN: 'This code belongs to another portal.',
  ENVELOPE_MALFORMED: 'The document is damaged: it is not in the expected format.',
  ENVELOPE_TOO_LARGE: 'The document is larger than 256 KiB.',
  WRONG_KEY: 'This key does not belong to this document.',
  ALTERED: 'The document was changed after it was signed and is not shown.',
  WRAP_REFUSED: 'The key could not be opened: it was made for someone else, for another document, or was changed.',
  VAULT_MALFORMED: 'The stored keys are damaged or in an unknown format.',
  VAULT_LOCK_MISSING: 'These keys cannot be opened in this way.',
  VAULT_REFUSED: 'That does not open your keys. Check it and try again.',
  PASSWORD_PARAMETERS: 'The password settings that the server sent are not acceptable.',
  PASSWORD_TOO_SHORT: 'Choose a password of at least 12 characters.',
  PHRASE_LENGTH: 'A recovery phrase has 12 or 24 words.',
  PHRASE_WORD: 'This word is not one of the words of recovery phrases.',
  PHRASE_CHECK: 'These words are valid, but not in this order or not together.',
  SIGNATURE_FOREIGN: 'This was not signed by whoever it names, or was changed since, and is not used.',
  CERTIFICATE_UNTRUSTED: 'A certificate does not come from an organisation that your keys trust.',
  KEY_UNTRUSTED: 'A reading key is not the one that its owner has a certificate for. Nothing was encrypted for it.',
  SEED_FOREIGN: 'The key that came out does not belong to this part of the record.',
  SHARES_INSUFFICIENT: 'Two organisations have to release their part of the key. Fewer did.',
  CHUNK_COUNT: 'The file has too many or too few parts.',
  PIN_TOO_SHORT: 'Choose a signing PIN of at least 6 characters.',
  PIN_WRONG: 'That is not your signing PIN.',
  PASSKEY_MALFORMED: 'The browser answered with a passkey that cannot be used here.',
  CERTIFICATE_FOREIGN: 'The certificate does not belong to your key.',
  PROPOSAL_MISMATCH: 'The server asked you to sign something other than what you chose. Nothing was signed.',
  TRANSACTION_MISMATCH: 'The ledger answered about something other than what you signed. Nothing was submitted.',
  STATUS_MISMATCH: 'The server asked about another transaction than yours. Nothing was signed.',
  BLOCK_MISMATCH: 'A block is not what its header says, or does not hold what it should.',
  CIRCLE_MALFORMED: 'What was sent about the circle is damaged or in an unknown format.',
  CIRCLE_BLOCK: 'What arrived is not the part of the circle that the ledger names. Try again.',
  CIRCLE_MISMATCH: 'The circle is not the one that the ledger names. Nothing was taken over.',
  CIRCLE_COMMIT: 'A change of the circle does not come from one of its members, or does more than it may.',
  CIRCLE_EPOCH: 'The circle stands elsewhere: this change is not the next one.',
  CIRCLE_CREDENTIAL: 'Someone in the circle may not be in it now.',
  CIRCLE_REMOVED: 'This device does not belong to the circle any more.',
  CIRCLE_PENDING: 'A change of the circle waits for the ledger first.',
  CIRCLE_KEY: 'This device does not have the key of that time.',
  FRAME_MALFORMED: 'A message of a device is damaged or in an unknown format.',
  FRAME_FOREIGN: 'A message was not signed by the device that it names.',
  FRAME_SEALED: 'A message of a device does not open with this key, or was changed.',
  BATCH_MALFORMED: 'A batch of readings is damaged, or not of one patient and one key.',
  BATCH_TOO_LARGE: 'A batch of readings is too large.',
  DISCLOSURE_MALFORMED: 'This is not the proof of a prescription, or part of it could not be read.',
  PROOF_REFUSED: 'This reading is not in the batch that the ledger names.',
} as const;

export type CryptoErrorCode = keyof typeof cryptoErrors;

export class CryptoError extends Error {
  readonly code: CryptoErrorCode;
  /** What exactly differed or where, for example the name of a field or a word's position. */
  readonly detail: string;

  constructor(code: CryptoErrorCode, detail = '', options?: ErrorOptions) {
    super(cryptoErrors[code], options);
    this.name = 'CryptoError';
    this.code = code;
    this.detail = detail;
  }
}

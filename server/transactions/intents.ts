import { createHash } from 'node:crypto';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { cidOf, largestDocument } from '../gateways/ipfs/ipfs.ts';
import { patientInReach } from '../people/patients.ts';
import type { Actor } from '../people/schema.ts';
import { readFromLedger, readStanding } from '../prescriptions/ledger.ts';
import { personOfAddress } from '../session/wallet.ts';
import { allowChange } from './policy.ts';
import { isRegistryKind, type RegistryIntent, type TransactionIntent } from './schema.ts';

type Issue = Extract<TransactionIntent, { kind: 'issue' }>;
const longestValidityMs = 366 * 86_400_000;

/** Who only may see the transient data of a care channel, where the ledger profile does not name them. */
const defaultSecretHolders = ['HospitalMSP', 'PharmacyMSP'];

/** The prescription, or the practitioner, that an intent is about. */
export function subjectOf(intent: TransactionIntent): string {
  if (isRegistryIntent(intent)) return intent.subject;
  return intent.kind === 'issue' ? intent.issue.id : intent.id;
}

function isRegistryIntent(intent: TransactionIntent): intent is RegistryIntent {
  return isRegistryKind(intent.kind);
}

/** What makes a repeated attempt of a person the same flow. */
export function businessKeyOf(intent: TransactionIntent, personId: string): string {
  const detail = isRegistryIntent(intent) ? intent.address : subjectOf(intent);
  const subject = intent.kind === 'dispense' ? intent.dispense.id : detail;
  return `${intent.kind}:${subject}:${personId}`;
}

/** What of an intent may be kept: nothing that opens or redeems anything. */
export function publicPart(intent: TransactionIntent): object {
  switch (intent.kind) {
    case 'issue':
      return { issue: intent.issue, tokenHolder: intent.tokenHolder };
    case 'dispense':
      return { id: intent.id, dispense: intent.dispense };
    case 'renewCode':
      return { id: intent.id, redeemHash: intent.redeemHash };
    case 'close':
    case 'cancel':
      return { id: intent.id, reason: intent.reason };
    case 'linkWallet':
    case 'unlinkWallet':
      return { subject: intent.subject, address: intent.address };
    default:
      return { id: intent.id };
  }
}

/** Organisations that alone may endorse an intent with secrets; undefined where there are none. */
export function endorsersOf(portal: Portal, intent: TransactionIntent, channel: string): string[] | undefined {
  const secret = intent.kind === 'issue' || intent.kind === 'renewCode' || intent.kind === 'accept';
  return secret ? (portal.ledger.secretHolders(channel) ?? defaultSecretHolders) : undefined;
}

/** Encrypted bytes of an intent, checked against the CID and the hash that it names. Undefined where it has none. */
export function envelopeOf(intent: TransactionIntent): Uint8Array | undefined {
  if (intent.kind !== 'issue' && intent.kind !== 'dispense') return undefined;
  const bytes = Buffer.from(intent.envelope, 'base64url');
  const named = intent.kind === 'issue' ? intent.issue : intent.dispense;
  if (bytes.length > largestDocument) throw new AppError('TOO_LARGE', `${bytes.length} bytes`);
  if (createHash('sha256').update(bytes).digest('hex') !== named.contentHash || cidOf(bytes) !== named.cid) {
    throw new AppError('INVALID_INPUT', 'envelope, hash and CID do not fit', {
      message: 'The encrypted document is not the one that its hash and address name.',
    });
  }
  return bytes;
}

async function checkIssue(portal: Portal, actor: Actor, { issue }: Issue, now: Date): Promise<void> {
  if (portal.ledger.careChannelOf(issue.id) !== portal.ledger.careChannelOf(issue.patient)) {
    throw new AppError('WRONG_CHANNEL', `${issue.id} and ${issue.patient}`);
  }
  const validFor = Date.parse(issue.expires) - now.getTime();
  if (validFor <= 0 || validFor > longestValidityMs) {
    throw new AppError('INVALID_INPUT', `expires ${issue.expires}`, {
      message: 'A prescription ends in the future and within 366 days.',
    });
  }
  if ((await patientInReach(portal, actor, { pseudonym: issue.patient })) === undefined) {
    throw new AppError('FORBIDDEN', 'patient is out of reach', {
      message: 'This patient is not treated at your institution.',
      next: 'Find the patient by exact identifier first.',
    });
  }
}

/** A person changes the own entry only, and links only a wallet that has proved by its signature to be the person's. */
async function checkWallet(portal: Portal, actor: Actor, { kind, subject, address }: RegistryIntent): Promise<void> {
  if (subject !== actor.subjectId) throw new AppError('FORBIDDEN', `${actor.subjectId} is not ${subject}`);
  if (kind === 'linkWallet' && (await personOfAddress(portal, address)) !== actor.personId) {
    throw new AppError('SIGNATURE_INVALID', 'the wallet has not signed', {
      message: 'The wallet has not signed that it is yours.',
      next: 'Link the wallet on the page of your keys.',
    });
  }
  const { keys } = (await readStanding(portal.ledger, subject)).practitioner;
  if (keys === undefined) throw new AppError('NOT_ENROLLED', subject);
  const recorded = address === keys.wallet || keys.linkedWallets?.includes(address) === true;
  if (kind === 'linkWallet' && recorded) throw new AppError('ALREADY_EXISTS', 'linked');
  if (kind === 'unlinkWallet' && keys.linkedWallets?.includes(address) !== true) {
    throw new AppError('NOT_FOUND', 'not linked');
  }
}

/** Refuses early what the contract would refuse, and what only the portal can know. */
export async function checkIntent(
  portal: Portal,
  actor: Actor,
  intent: TransactionIntent,
  now = new Date(),
): Promise<void> {
  if (isRegistryIntent(intent)) return checkWallet(portal, actor, intent);
  if (intent.kind === 'issue') return checkIssue(portal, actor, intent, now);
  const prescription = await readFromLedger(portal.ledger, intent.id);
  allowChange(actor, intent.kind, prescription, now);
  if (intent.kind !== 'dispense') return;
  const { quantity } = intent.dispense;
  if (quantity > prescription.left || quantity > prescription.quantity * prescription.fills) {
    throw new AppError('QUANTITY_EXCEEDED', `${quantity} of ${prescription.left}`);
  }
}

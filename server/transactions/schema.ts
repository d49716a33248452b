import { z } from 'zod';
import { redeemTransientField, secretsTransientField } from '#chaincode/model/prescription.ts';

/**
 * What a person may ask a ledger to do. Both sides turn an intent into the same ledger call: the server to prepare
 * the proposal, the page to check that the proposal it is asked to sign is that very call.
 */

const base64Url = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/);
const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const identifier = (prefix: string) => z.string().regex(new RegExp(`^${prefix}-[a-z2-7]{26}$`));

export const prescriptionId = z.string().regex(/^rx-[0-9]{1,4}-[a-z2-7]{26}$/);
export const patientPseudonym = z.string().regex(/^pt-[0-9]{1,4}-[a-z2-7]{26}$/);
export const dispenseId = identifier('disp');
export const practitionerId = identifier('prac');
export const walletAddress = z.string().regex(/^0x[0-9a-f]{40}$/);

export const prescriptionSecrets = z.object({
  patientWrap: base64Url(4096).optional(),
  authorWrap: base64Url(4096).optional(),
  codeWrap: base64Url(512),
  releaseShare: base64Url(64),
});

export const prescriptionIssue = z.object({
  id: prescriptionId,
  patient: patientPseudonym,
  expires: z.iso.datetime(),
  cid: z.string().regex(/^b[a-z2-7]{58}$/),
  contentHash: hex32,
  redeemHash: hex32,
  commitment: z.string().regex(/^0x[0-9a-f]{64}$/),
  quantity: z.int().min(1).max(100_000),
  fills: z.int().min(1).max(13),
});

const reason = z.string().trim().min(3).max(300);

/** Encrypted bytes, base64url; at most 256 KiB, so that the CID is that of one raw block. */
const envelope = base64Url(349_526);

/** A wallet of the person, proved beforehand by its signature (`linkWallet` of people). */
const walletChange = { subject: practitionerId, address: walletAddress };

const issueIntent = z.object({
  kind: z.literal('issue'),
  issue: prescriptionIssue,
  envelope,
  /** The one-time address that will hold the token. */
  tokenHolder: z.string().regex(/^0x[0-9a-f]{40}$/),
  /** All that the author needs to carry on from another browser, sealed to the author's own reading key. */
  resumePacket: base64Url(32_768),
  secrets: prescriptionSecrets.required(),
});

/** Intents whose secrets exist in their person's page only. */
const secretIntents = [
  z.object({ kind: z.literal('accept'), id: prescriptionId, redeemKey: base64Url(64) }),
  z.object({
    kind: z.literal('renewCode'),
    id: prescriptionId,
    redeemHash: hex32,
    secrets: prescriptionSecrets.pick({ codeWrap: true, releaseShare: true, patientWrap: true }).required(),
  }),
] as const;

/** Intents without a secret, which a flow keeps as they are. */
const openIntents = [
  z.object({ kind: z.literal('return'), id: prescriptionId }),
  z.object({
    kind: z.literal('dispense'),
    id: prescriptionId,
    dispense: z.object({
      id: dispenseId,
      quantity: z.int().min(1).max(1_300_000),
      cid: prescriptionIssue.shape.cid,
      contentHash: hex32,
    }),
    envelope,
  }),
  z.object({ kind: z.literal('close'), id: prescriptionId, reason }),
  z.object({ kind: z.literal('cancel'), id: prescriptionId, reason }),
  z.object({ kind: z.literal('voidCode'), id: prescriptionId }),
  z.object({ kind: z.literal('linkWallet'), ...walletChange }),
  z.object({ kind: z.literal('unlinkWallet'), ...walletChange }),
] as const;

export const transactionIntent = z.discriminatedUnion('kind', [issueIntent, ...secretIntents, ...openIntents]);
export type TransactionIntent = z.infer<typeof transactionIntent>;
export type TransactionKind = TransactionIntent['kind'];

/** What a flow keeps of an intent, with which any browser of its person carries on; an issue's secrets are in the packet. */
export const resumableIntent = z.discriminatedUnion('kind', [issueIntent.omit({ secrets: true }), ...openIntents]);
export type ResumableIntent = z.infer<typeof resumableIntent>;

/** False for a flow that only the page that began it can sign: its secrets are kept nowhere. */
export const isResumableKind = (kind: TransactionKind): kind is ResumableIntent['kind'] =>
  kind !== 'accept' && kind !== 'renewCode';
/** Intents about a person's entry on `registry`; all others are about a prescription. */
export type RegistryIntent = Extract<TransactionIntent, { kind: 'linkWallet' | 'unlinkWallet' }>;
export type PrescriptionIntent = Exclude<TransactionIntent, RegistryIntent>;

/** True for a kind of transaction that belongs to a person's entry on `registry`. */
export function isRegistryKind(kind: TransactionKind): kind is RegistryIntent['kind'] {
  return kind === 'linkWallet' || kind === 'unlinkWallet';
}

/** What a person may ask a ledger to tell, which only the person's own key may ask. */
export const readIntent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('readWraps'), ids: z.array(prescriptionId).min(1).max(50) }),
  z.object({ kind: z.literal('readRelease'), id: prescriptionId }),
]);
export type ReadIntent = z.infer<typeof readIntent>;

export interface LedgerCall {
  channel: string;
  contract: string;
  function: string;
  args: string[];
  transient: Record<string, Uint8Array>;
}

/** The care channel that an id of a patient or prescription names. */
export function careChannelOf(id: string): string {
  return `care-${id.split('-')[1]}`;
}

const utf8 = new TextEncoder();
const fromBase64Url = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));

/** The ledger call that an intent means; pure, the same on both sides. */
export function ledgerCall(intent: TransactionIntent | ReadIntent): LedgerCall {
  const call = (id: string, name: string, args: string[], transient: Record<string, Uint8Array> = {}): LedgerCall => ({
    channel: careChannelOf(id),
    contract: 'care',
    function: name,
    args,
    transient,
  });
  switch (intent.kind) {
    case 'issue':
      return call(intent.issue.id, 'issue', [JSON.stringify(intent.issue)], {
        [secretsTransientField]: utf8.encode(JSON.stringify(intent.secrets)),
      });
    case 'accept':
      return call(intent.id, 'accept', [intent.id], { [redeemTransientField]: fromBase64Url(intent.redeemKey) });
    case 'return':
      return call(intent.id, 'return', [intent.id]);
    case 'dispense':
      return call(intent.id, 'dispense', [intent.id, JSON.stringify(intent.dispense)]);
    case 'close':
      return call(intent.id, 'close', [intent.id, intent.reason]);
    case 'cancel':
      return call(intent.id, 'cancel', [intent.id, intent.reason]);
    case 'voidCode':
      return call(intent.id, 'voidCode', [intent.id]);
    case 'renewCode':
      return call(intent.id, 'renewCode', [intent.id, intent.redeemHash], {
        [secretsTransientField]: utf8.encode(JSON.stringify(intent.secrets)),
      });
    case 'linkWallet':
    case 'unlinkWallet': {
      const args = [intent.subject, intent.address];
      return { channel: 'registry', contract: 'registry', function: intent.kind, args, transient: {} };
    }
    case 'readWraps':
      return call(intent.ids[0] ?? '', 'readWraps', [JSON.stringify(intent.ids)]);
    case 'readRelease':
      return call(intent.id, 'readRelease', [intent.id]);
  }
}

/** Bytes that the person's browser must check and sign; all base64url. */
export const preparedTransaction = z.object({
  sagaId: z.uuid(),
  transactionId: hex32,
  /** Serialized gateway.ProposedTransaction. */
  proposal: z.string(),
  /** Serialized gateway.CommitStatusRequest: channel, transaction id, identity. */
  status: z.string(),
});
export type PreparedTransaction = z.infer<typeof preparedTransaction>;

/** First round trip back: the signature over the proposal bytes (DER, low-S). Answered with an `EndorsedTransaction`. */
export const signedProposal = z.object({
  sagaId: z.uuid(),
  proposal: base64Url(1_400_000),
  proposalSignature: base64Url(128),
});
export interface EndorsedTransaction {
  sagaId: string;
  /** Serialized gateway.PreparedTransaction, whose envelope payload the page checks and signs. */
  transaction: string;
}

/** Second round trip back. Answered with a `Receipt`. */
export const signedTransaction = z.object({
  sagaId: z.uuid(),
  transaction: base64Url(1_400_000),
  transactionSignature: base64Url(128),
  status: base64Url(8192),
  statusSignature: base64Url(128),
});

export interface Receipt {
  sagaId: string;
  transactionId: string;
  channel: string;
  /** Decimal; a block number may pass 2^53. */
  blockNumber: string;
  saga: SagaView;
}

export const signedRead = z.object({ proposal: base64Url(1_400_000), proposalSignature: base64Url(128) });
export interface PreparedRead {
  proposal: string;
}

export const sagaSteps = ['store', 'sign', 'mint', 'attest', 'publish', 'grant'] as const;
export type SagaStepName = (typeof sagaSteps)[number];

/** Units that a dispense hands out, the reason of a closing or cancellation, the wallet of a linking. */
export interface FlowAbout {
  quantity?: number;
  reason?: string;
  address?: string;
}

/** Where a flow over several ledgers stands, as its person sees it. */
export interface SagaView {
  id: string;
  kind: TransactionKind;
  /** The prescription, or the practitioner, that it is about. */
  subject: string;
  /** What its person is shown of it before signing. */
  about: FlowAbout;
  state: 'running' | 'waiting' | 'done' | 'failed' | 'expired';
  steps: {
    name: SagaStepName;
    state: 'pending' | 'running' | 'waiting' | 'done' | 'failed';
    at?: string;
    /** Transaction id, CID or hash that proves the step, or the error code that stopped it. */
    proof?: string;
    error?: string;
  }[];
  createdAt: string;
  expiresAt: string;
}

/** What a browser of the person needs to take up a flow again. */
export interface ResumableSaga extends SagaView {
  /** Undefined where it is over, or where only the page that began it could sign. */
  intent: ResumableIntent | undefined;
}

export const recordMint = z.object({ sagaId: z.uuid(), transactionHash: z.string().regex(/^0x[0-9a-f]{64}$/) });

export const sagaId = z.uuid();

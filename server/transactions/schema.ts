import { z } from 'zod';
import type { Assertion } from '#chaincode/model/secondFactor.ts';
import { accessIntents, accessKinds } from '../access/kinds.ts';
import { accessReadings, accessReads } from '../access/reads.ts';
import { type ReportIntent, reportIntents, reportKinds } from '../adverseEvents/kinds.ts';
import { reportReadings, reportReads } from '../adverseEvents/reads.ts';
import { alertIntents, alertKinds } from '../alerts/kinds.ts';
import { alertReadings, alertReads } from '../alerts/reads.ts';
import { circleIntents, circleKinds } from '../circles/kinds.ts';
import { circleReadings, circleReads } from '../circles/reads.ts';
import { type ClaimIntent, claimIntents, claimKinds } from '../claims/kinds.ts';
import { claimReadings, claimReads } from '../claims/reads.ts';
import { consentIntents, consentKinds } from '../consents/kinds.ts';
import { consentReadings, consentReads } from '../consents/reads.ts';
import { type FormularyIntent, formularyIntents, formularyKinds } from '../formulary/kinds.ts';
import { patientIntents, patientKinds } from '../patients/kinds.ts';
import { type WalletIntent, walletIntents, walletKinds } from '../people/kinds.ts';
import {
  issueIntent,
  openIntents,
  type PrescriptionIntent,
  prescriptionKinds,
  type ReservationIntent,
  reservationIntents,
  secretIntents,
} from '../prescriptions/kinds.ts';
import { type LifecycleIntent, lifecycleIntents } from '../prescriptions/lifecycleKinds.ts';
import { prescriptionReadings, prescriptionReads } from '../prescriptions/reads.ts';
import { base64Url, hex32 } from '../prescriptions/schema.ts';
import { recordIntents, recordKinds } from '../records/kinds.ts';
import { recordReadings, recordReads } from '../records/reads.ts';
import { type RegistryIntent, registryIntents, registryKinds } from '../registry/kinds.ts';
import { registryReadings, registryReads } from '../registry/reads.ts';
import { telemetryIntents, telemetryKinds } from '../telemetry/kinds.ts';
import { telemetryReadings, telemetryReads } from '../telemetry/reads.ts';
import { traceIntents, traceKinds } from '../trace/kinds.ts';
import { type Kinds, type LedgerCall, type Reads, type SecondFactorNeed, sagaSteps } from './kind.ts';

/**
 * What a person may ask a ledger to do. Both sides turn an intent into the same ledger call: the server to prepare
 * the proposal, the page to check that the proposal it is asked to sign is that very call. Each domain describes its own
 * kinds; here they come together.
 */

export const transactionIntent = z.discriminatedUnion('kind', [
  issueIntent,
  ...secretIntents,
  ...reservationIntents,
  ...openIntents,
  ...lifecycleIntents,
  ...walletIntents,
  ...patientIntents,
  ...recordIntents,
  ...consentIntents,
  ...accessIntents,
  ...registryIntents,
  ...traceIntents,
  ...circleIntents,
  ...telemetryIntents,
  ...alertIntents,
  ...formularyIntents,
  ...reportIntents,
  ...claimIntents,
]);
export type TransactionIntent = z.infer<typeof transactionIntent>;
export type TransactionKind = TransactionIntent['kind'];

/** Every kind, by its name. */
export const kinds: Kinds<TransactionIntent> = {
  ...prescriptionKinds,
  ...walletKinds,
  ...patientKinds,
  ...recordKinds,
  ...consentKinds,
  ...accessKinds,
  ...registryKinds,
  ...traceKinds,
  ...circleKinds,
  ...telemetryKinds,
  ...alertKinds,
  ...formularyKinds,
  ...reportKinds,
  ...claimKinds,
};

/** What a flow keeps of an intent, with which any browser of its person carries on; an issue's secrets are in the packet. */
export const resumableIntent = z.discriminatedUnion('kind', [
  issueIntent.omit({ secrets: true, register: true, assertion: true }),
  ...openIntents,
  ...walletIntents,
]);
export type ResumableIntent = z.infer<typeof resumableIntent>;

const resumableKinds: ReadonlySet<string> = new Set(resumableIntent.options.map(({ shape }) => shape.kind.value));
/** False for a flow that only the page that began it can sign: its secrets are kept nowhere. */
export const isResumableKind = (kind: TransactionKind): kind is ResumableIntent['kind'] => resumableKinds.has(kind);

/** What a person may ask a ledger to tell, which only the person's own key may ask. */
export const readIntent = z.discriminatedUnion('kind', [
  ...prescriptionReads,
  ...recordReads,
  ...consentReads,
  ...accessReads,
  ...registryReads,
  ...circleReads,
  ...telemetryReads,
  ...alertReads,
  ...reportReads,
  ...claimReads,
]);
export type ReadIntent = z.infer<typeof readIntent>;
export type ReadKind = ReadIntent['kind'];

/** Kinds about a prescription, and about wallets on the person's entry. */
export const isPrescriptionKind = (kind: TransactionKind): kind is PrescriptionIntent['kind'] =>
  Object.hasOwn(prescriptionKinds, kind);
export const isWalletKind = (kind: TransactionKind): kind is WalletIntent['kind'] => Object.hasOwn(walletKinds, kind);

/** Kinds about reports of adverse events. */
export type ReportKind = ReportIntent['kind'];
/** Kinds about insurance. */
export type ClaimKind = ClaimIntent['kind'];
/** Kinds about how medicines are covered, and their shortages. */
export type FormularyKind = FormularyIntent['kind'];
/** Kinds of which the registry is changed, but for wallets. */
export type RegistryKind = RegistryIntent['kind'];

/** Kinds about a prescription's way besides issuing and dispensing. */
export type LifecycleKind = LifecycleIntent['kind'];

/** The intent of each kind. */
export type IntentMap = { [Kind in TransactionKind]: Extract<TransactionIntent, { kind: Kind }> };
type ReadMap = { [Kind in ReadKind]: Extract<ReadIntent, { kind: Kind }> };

/** Every reading, by the name of its function. */
export const readings: Reads<ReadIntent> = {
  ...prescriptionReadings,
  ...recordReadings,
  ...consentReadings,
  ...accessReadings,
  ...registryReadings,
  ...circleReadings,
  ...telemetryReadings,
  ...alertReadings,
  ...reportReadings,
  ...claimReadings,
};

function callOf<Kind extends TransactionKind>(kind: Kind, intent: IntentMap[Kind]): LedgerCall {
  return kinds[kind].call(intent);
}

function readCallOf<Kind extends ReadKind>(kind: Kind, intent: ReadMap[Kind]): LedgerCall {
  return readings[kind].call(intent);
}

const isRead = (intent: TransactionIntent | ReadIntent): intent is ReadIntent => Object.hasOwn(readings, intent.kind);

/** The ledger call that an intent means; pure, the same on both sides. */
export function ledgerCall(intent: TransactionIntent | ReadIntent): LedgerCall {
  return isRead(intent) ? readCallOf(intent.kind, intent) : callOf(intent.kind, intent);
}

function secondFactorOfKind<Kind extends TransactionKind>(kind: Kind, intent: IntentMap[Kind]): SecondFactorNeed {
  return kinds[kind].secondFactor?.(intent) ?? 'never';
}

/** Whether the ledger demands a second factor of an intent. */
export const secondFactorOf = (intent: TransactionIntent): SecondFactorNeed => secondFactorOfKind(intent.kind, intent);

/** The intent with the second factor that confirms it; a kind that takes none is left as it is. */
export const withSecondFactor = (intent: TransactionIntent, assertion: Assertion): TransactionIntent =>
  transactionIntent.parse({ ...intent, assertion });

/** Units that a dispense hands out, the reason of a closing or cancellation, the wallet of a linking. */
const flowAbout = z.object({
  quantity: z.number().optional(),
  reason: z.string().optional(),
  address: z.string().optional(),
});
export type FlowAbout = z.infer<typeof flowAbout>;

/** Where a flow over several ledgers stands, as its person sees it. */
export const sagaView = z.object({
  id: z.string(),
  kind: z.custom<TransactionKind>((kind) => typeof kind === 'string' && Object.hasOwn(kinds, kind)),
  /** The prescription, record or entry of the registry that it is about. */
  subject: z.string(),
  /** What its person is shown of it before signing. */
  about: flowAbout,
  state: z.enum(['running', 'waiting', 'done', 'failed', 'expired']),
  steps: z.array(
    z.object({
      name: z.enum(sagaSteps),
      state: z.enum(['pending', 'running', 'waiting', 'done', 'failed']),
      at: z.string().optional(),
      /** Transaction id, CID or hash that proves the step, or the error code that stopped it. */
      proof: z.string().optional(),
      error: z.string().optional(),
    }),
  ),
  createdAt: z.string(),
  expiresAt: z.string(),
});
export type SagaView = z.infer<typeof sagaView>;

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

/** Characters of a proposal: its transient data may hold the keys of a record for many readers. */
const maxProposal = 4_000_000;

/** Bytes of a request that carries an intent with its document, or a proposal or transaction: as many as an action may have. */
export const maxTransactionBody = 3 * 1024 * 1024;

/** First round trip back: the signature over the proposal bytes (DER, low-S). Answered with an `EndorsedTransaction`. */
export const signedProposal = z.object({
  sagaId: z.uuid(),
  proposal: base64Url(maxProposal),
  proposalSignature: base64Url(128),
});
export type SignedProposal = z.infer<typeof signedProposal>;

export const endorsedTransaction = z.object({
  sagaId: z.uuid(),
  /** Serialized gateway.PreparedTransaction, whose envelope payload the page checks and signs. */
  transaction: z.string(),
});
export type EndorsedTransaction = z.infer<typeof endorsedTransaction>;

/** Second round trip back. Answered with a `Receipt`. */
export const signedTransaction = z.object({
  sagaId: z.uuid(),
  transaction: base64Url(maxProposal),
  transactionSignature: base64Url(128),
  status: base64Url(8192),
  statusSignature: base64Url(128),
});
export type SignedTransaction = z.infer<typeof signedTransaction>;

export const receipt = z.object({
  sagaId: z.string(),
  transactionId: z.string(),
  channel: z.string(),
  /** Decimal; a block number may pass 2^53. */
  blockNumber: z.string(),
  saga: sagaView,
});
export type Receipt = z.infer<typeof receipt>;

export const signedRead = z.object({ proposal: base64Url(maxProposal), proposalSignature: base64Url(128) });
export type SignedRead = z.infer<typeof signedRead>;
export interface PreparedRead {
  proposal: string;
}

/** Kinds whose flows wait for their person and are shown. */
export type WaitingKind =
  | Exclude<PrescriptionIntent, ReservationIntent | LifecycleIntent>['kind']
  | WalletIntent['kind'];
export const isWaitingKind = (kind: TransactionKind): kind is WaitingKind => kinds[kind].waits === true;
export type WaitingSaga = SagaView & { kind: WaitingKind };

/** What a browser of the person needs to take up a flow again. */
export interface ResumableSaga extends SagaView {
  /** Undefined where it is over, or where only the page that began it could sign. */
  intent: ResumableIntent | undefined;
}

/** A token that a doctor's wallet has signed (EIP-712 `Issue`) for the portal to bring to Ethereum. */
export const signedIssue = z.object({
  sagaId: z.uuid(),
  /** Unix seconds after which the signature is void. */
  deadline: z.int().positive(),
  signature: z.string().regex(/^0x[0-9a-fA-F]{130}$/),
});
export type SignedIssue = z.infer<typeof signedIssue>;

/** How long a signature can wait to be brought: longer than any interval of the relay, and than a bad day of the chain. */
export const signedIssueSeconds = 2 * 86_400;

export const sagaId = z.uuid();

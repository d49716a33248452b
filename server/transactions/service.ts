import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { eq } from 'drizzle-orm';
import { AppError, asAppError, type ErrorCode } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { people } from '../gateways/db/schema/people.ts';
import { invalidTransaction } from '../gateways/ledger/faults.ts';
import { commitStatusRequest, decodeProposal, decodeTransaction } from '../gateways/ledger/offline.ts';
import { isSignedBy } from '../gateways/ledger/signer.ts';
import type { Actor } from '../people/schema.ts';
import { answerCommit, reconcile } from '../sagas/effects.ts';
import {
  beginSaga,
  findSaga,
  isOpen,
  noteSubmission,
  noteUnsigned,
  type Saga,
  setStep,
  settleSaga,
  stepOf,
  submittedSagas,
  updateSaga,
} from '../sagas/store.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { factsOf } from './handlers.ts';
import { allowTransaction } from './policy.ts';
import {
  type EndorsedTransaction,
  ledgerCall,
  type PreparedTransaction,
  type Receipt,
  type SignedProposal,
  type SignedTransaction,
  type TransactionIntent,
  type TransactionKind,
} from './schema.ts';
import { secretHolders } from './secretHolders.ts';

export const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
export const bytesOf = (base64Url: string) => Buffer.from(base64Url, 'base64url');
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

/** Far beyond what a person signs; each may leave a document in the storage until the flow ends. */
const preparations = { max: 300, windowSeconds: 10 * 60 };

/** Codes after which the same person may sign again and succeed. */
const passing: ReadonlySet<ErrorCode> = new Set([
  'LEDGER_UNAVAILABLE',
  'LEDGER_CONFLICT',
  'LEDGER_UNDECIDED',
  'CLOCK_SKEW',
  'DATABASE_UNAVAILABLE',
  'INTERNAL',
]);

/** Certificate and organisation of the actor, both public. Throws NOT_ENROLLED. */
export async function identityOf(portal: Portal, actor: Actor) {
  const rows = await portal.db.select({ pem: people.certificatePem }).from(people).where(eq(people.id, actor.personId));
  const certificatePem = rows[0]?.pem;
  if (!certificatePem) throw new AppError('NOT_ENROLLED', 'no certificate');
  return { mspId: actor.mspId, certificatePem, subjectId: actor.subjectId };
}

/** The actor's own flow, over or not. Throws NOT_FOUND. */
export async function sagaOf(portal: Portal, actor: Actor, sagaId: string): Promise<Saga> {
  const saga = await findSaga(portal.db, sagaId);
  if (saga === undefined || saga.row.personId !== actor.personId) throw new AppError('NOT_FOUND', `no saga ${sagaId}`);
  return saga;
}

/** The actor's own open flow. Throws NOT_FOUND, SAGA_EXPIRED, WRONG_STATE. */
export async function openSagaOf(portal: Portal, actor: Actor, sagaId: string): Promise<Saga> {
  const saga = await sagaOf(portal, actor, sagaId);
  if (saga.row.state === 'expired') throw new AppError('SAGA_EXPIRED', sagaId);
  if (!isOpen(saga.row)) throw new AppError('WRONG_STATE', `saga is ${saga.row.state}`);
  return saga;
}

async function store(portal: Portal, saga: Saga, bytes: Uint8Array): Promise<void> {
  if (stepOf(saga.steps, 'store')?.state === 'done') return;
  try {
    const cid = await portal.ipfs.add(bytes);
    await setStep(portal.db, saga.row.id, 'store', 'done', { proof: cid });
  } catch (error) {
    const fault = asAppError(error);
    await setStep(portal.db, saga.row.id, 'store', 'waiting', { error: fault.code });
    throw new AppError(fault.code, fault.detail, {
      cause: error,
      kept: 'The encrypted document is kept, and nothing was recorded yet.',
    });
  }
}

/**
 * What the actor submitted before on the same subject comes first, as long as its outcome is unknown: it may change what
 * is asked for now. Throws LEDGER_UNDECIDED while nobody knows, CONFLICT when it turns out to be recorded.
 */
async function settleEarlier(
  portal: Portal,
  actor: Actor,
  person: Awaited<ReturnType<typeof identityOf>>,
  subject: string,
  businessKey: string,
): Promise<void> {
  for (const earlier of await submittedSagas(portal.db, actor.personId, subject)) {
    if (earlier.row.businessKey === businessKey) continue;
    if (await reconcile(portal, earlier, person)) {
      throw new AppError('CONFLICT', `saga ${earlier.row.id} is recorded`, {
        message: 'What you signed before is recorded now.',
      });
    }
    const sign = stepOf((await sagaOf(portal, actor, earlier.row.id)).steps, 'sign');
    if (sign?.state === 'running') throw new AppError('LEDGER_UNDECIDED', `saga ${earlier.row.id} is not decided`);
  }
}

/**
 * Turns an intent into a proposal for the actor's own certificate. Secrets of the intent live in these bytes only: they
 * go to the page and come back signed, and are written nowhere. Repeating it continues the same flow.
 */
export async function prepareTransaction(
  actor: Actor,
  intent: TransactionIntent,
  portal: Portal = thePortal(),
): Promise<PreparedTransaction> {
  allowTransaction(actor, intent.kind);
  const { subject, business, kept, secret, envelope: bytes, check } = factsOf(intent);
  const [person] = await Promise.all([
    identityOf(portal, actor),
    countAttempt(portal.db, `prepare:${actor.personId}`, preparations),
  ]);
  const businessKey = `${intent.kind}:${business}:${actor.personId}`;
  await settleEarlier(portal, actor, person, subject, businessKey);
  await check(portal, actor, new Date());
  const call = ledgerCall(intent);
  const saga = await beginSaga(portal.db, {
    personId: actor.personId,
    kind: intent.kind,
    subject,
    channel: call.channel,
    businessKey,
    intent: kept,
    ...(bytes === undefined ? {} : { envelope: bytes }),
    ...(intent.kind === 'issue' ? { resumePacket: intent.resumePacket } : {}),
  });
  const sign = stepOf(saga.steps, 'sign')?.state;
  const submitted = saga.row.statusSignature !== null;
  if (sign === 'done' || (submitted && (await reconcile(portal, saga, person)))) throw recordedAlready(saga);
  // While nobody knows whether the ledger has it, the very same may be signed again, and nothing else.
  if (sign === 'running' && !isDeepStrictEqual(saga.row.intent, kept)) {
    throw new AppError('LEDGER_UNDECIDED', `saga ${saga.row.id} was submitted with other content`);
  }
  const prepared = portal.ledger.prepare(
    person,
    call,
    secret ? secretHolders(portal.ledger, call.channel, person.mspId) : undefined,
  );
  await Promise.all([
    bytes !== undefined && store(portal, saga, bytes),
    // What was submitted before stays known, with what finds out about it, until something else is submitted.
    updateSaga(portal.db, saga.row.id, { proposalHash: sha256(prepared.proposal), transactionHash: null }),
    noteUnsigned(portal.db, saga.row.id, 'waiting'),
  ]);
  return {
    sagaId: saga.row.id,
    transactionId: prepared.transactionId,
    proposal: text(prepared.proposal),
    status: text(prepared.status),
  };
}

function recordedAlready(saga: Saga): AppError {
  return new AppError('ALREADY_EXISTS', `saga ${saga.row.id} is signed`, {
    kept: 'It is signed and recorded.',
    next: 'Continue with the next step.',
  });
}

/** Notes what stopped the signature. An issue can always be taken up again until it expires; others end at a refusal. */
async function noteRefusal(portal: Portal, saga: Saga, code: ErrorCode): Promise<void> {
  const again = passing.has(code) || saga.row.kind === ('issue' satisfies TransactionKind);
  await noteUnsigned(portal.db, saga.row.id, again ? 'waiting' : 'failed', code);
  await settleSaga(portal.db, saga.row.id);
}

/**
 * Sends the signed proposal to the endorsers. Only the very bytes that were prepared for this flow are accepted, signed
 * by the actor's registered key.
 */
export async function endorseTransaction(
  actor: Actor,
  input: SignedProposal,
  portal: Portal = thePortal(),
): Promise<EndorsedTransaction> {
  const [saga, person] = await Promise.all([openSagaOf(portal, actor, input.sagaId), identityOf(portal, actor)]);
  const proposal = bytesOf(input.proposal);
  const signature = bytesOf(input.proposalSignature);
  if (saga.row.proposalHash === null || !saga.row.proposalHash.equals(sha256(proposal))) {
    throw new AppError('PROPOSAL_MISMATCH', 'not the proposal of this flow');
  }
  if (!isSignedBy(person.certificatePem, decodeProposal(proposal).signedBytes, signature)) {
    throw new AppError('SIGNATURE_INVALID', 'proposal');
  }
  try {
    const transaction = await portal.ledger.endorse(person, saga.row.channel, proposal, signature);
    await updateSaga(portal.db, saga.row.id, { transactionHash: sha256(transaction) });
    return { sagaId: saga.row.id, transaction: text(transaction) };
  } catch (error) {
    const fault = asAppError(error);
    // The ledger may refuse because an earlier transaction of this flow went through and its answer was lost.
    if (!passing.has(fault.code) && (await reconcile(portal, saga, person))) throw recordedAlready(saga);
    await noteRefusal(portal, saga, fault.code);
    throw fault;
  }
}

/**
 * Sends the signed transaction to be ordered and waits for its block. The signed commit-status request is kept first,
 * so that the outcome can be found out even when this process ends in between.
 */
export async function submitTransaction(
  actor: Actor,
  input: SignedTransaction,
  portal: Portal = thePortal(),
): Promise<Receipt> {
  const [saga, person] = await Promise.all([openSagaOf(portal, actor, input.sagaId), identityOf(portal, actor)]);
  const { row } = saga;
  const transaction = bytesOf(input.transaction);
  const signature = bytesOf(input.transactionSignature);
  const status = bytesOf(input.status);
  const statusSignature = bytesOf(input.statusSignature);
  if (row.transactionHash === null || !row.transactionHash.equals(sha256(transaction))) {
    throw new AppError('PROPOSAL_MISMATCH', 'not the transaction of this flow');
  }
  const { transactionId, signedBytes } = decodeTransaction(transaction);
  if (!status.equals(commitStatusRequest(person, row.channel, transactionId))) {
    throw new AppError('PROPOSAL_MISMATCH', 'not the status request of this flow');
  }
  const signed =
    isSignedBy(person.certificatePem, signedBytes, signature) &&
    isSignedBy(person.certificatePem, status, statusSignature);
  if (!signed) throw new AppError('SIGNATURE_INVALID', 'transaction or status');
  const submission = { transactionId, statusRequest: status, statusSignature };
  if (!(await noteSubmission(portal.db, row.id, submission))) throw new AppError('SAGA_EXPIRED', row.id);
  try {
    await portal.ledger.submit(person, row.channel, transaction, signature);
    const outcome = await portal.ledger.commitStatus(person, row.channel, status, statusSignature);
    if (!outcome.valid) {
      // It may be invalid because an earlier transaction of this flow came first.
      if (await reconcile(portal, { ...saga, row: { ...row, ...submission } }, person)) throw recordedAlready(saga);
      throw invalidTransaction(outcome.code);
    }
    const view = await answerCommit(portal, saga, transactionId, outcome.blockNumber);
    log().info({ channel: row.channel, transactionId, kind: row.kind }, 'recorded');
    return {
      sagaId: row.id,
      transactionId,
      channel: row.channel,
      blockNumber: outcome.blockNumber.toString(),
      saga: view,
    };
  } catch (error) {
    const fault = asAppError(error);
    // Nobody knows whether the orderer has it; the worker asks until it is known.
    if (fault.code === 'LEDGER_UNAVAILABLE' || fault.code === 'LEDGER_UNDECIDED') {
      await updateSaga(portal.db, row.id, { dueAt: new Date() });
      throw new AppError('LEDGER_UNDECIDED', fault.detail, { cause: error });
    }
    throw fault;
  }
}

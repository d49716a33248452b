import { AppError, asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Portal } from '#server/portal.ts';
import { runAsLeader } from '../gateways/db/leader.ts';
import type { SignedAttestation } from '../gateways/ethereum/ethereum.ts';
import { findSaga, isOpen, type Saga, setStep, settleSaga } from '../sagas/store.ts';
import { findMint } from '../transactions/minting.ts';
import { noteTokenState } from './readModel.ts';
import { countQueue, issueOf, leaveQueue, type QueuedRow, readLagging, readQueue, waitAgain } from './relayQueue.ts';

/**
 * Brings to Ethereum what waits, many prescriptions of many people in one transaction, so that neither the time nor the wallet of a
 * transaction belongs to one of them. What a round does may be done again: a token that exists and a version that is recorded are
 * found on the chain, whoever brought them.
 */

/** True when the token already carries this version or a later one, or has ended. */
export function isRecorded(token: { version: number; state: string }, version: number): boolean {
  return token.version >= version || token.state === 'dispensed' || token.state === 'cancelled';
}

interface Waiting {
  row: QueuedRow;
  saga: Saga;
}

/**
 * Sends all in one transaction; where the chain refuses that, the halves, so that one that it does not take keeps no other back.
 * Whatever else happens is thrown.
 */
async function bring<T>(
  items: T[],
  send: (items: T[]) => Promise<{ transactionHash: string }>,
  brought: (item: T, transactionHash: string) => Promise<void>,
  refused: (item: T, reason: AppError) => Promise<void>,
): Promise<void> {
  const [only] = items;
  if (only === undefined) return;
  let hash: string;
  try {
    hash = (await send(items)).transactionHash;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'WRONG_STATE') throw error;
    if (items.length === 1) return refused(only, error);
    const half = Math.ceil(items.length / 2);
    await bring(items.slice(0, half), send, brought, refused);
    return bring(items.slice(half), send, brought, refused);
  }
  for (const item of items) await brought(item, hash);
}

async function bringMints(portal: Portal, waiting: Waiting[]): Promise<void> {
  const left: Waiting[] = [];
  for (const one of waiting) {
    // Brought before this process began, or by somebody else: the signature is the doctor's all the same.
    if ((await findMint(portal, one.saga)) === undefined) left.push(one);
    else await leaveQueue(portal, 'mint', [one.saga.row.id]);
  }
  const send = (some: Waiting[]) =>
    portal.ethereum.mintBatch(
      some.map(({ row, saga }) => ({
        issue: issueOf(portal, saga, Number(row.deadline)),
        signature: row.signature ?? '',
      })),
    );
  await bring(
    left,
    send,
    async ({ saga }, transactionHash) => {
      const { id } = saga.row;
      await setStep(portal.db, id, 'mint', 'running', { proof: transactionHash });
      const sent = await findSaga(portal.db, id);
      if (sent !== undefined) await findMint(portal, sent);
      await leaveQueue(portal, 'mint', [id]);
    },
    async ({ saga }, { detail }) => {
      const { id, subject } = saga.row;
      log().warn({ sagaId: id, subject, detail }, 'the chain refuses a token');
      // Its doctor is told, and may sign anew.
      await setStep(portal.db, id, 'mint', 'waiting', { proof: '', error: 'MINT_INVALID' });
      await leaveQueue(portal, 'mint', [id]);
      await settleSaga(portal.db, id);
    },
  );
}

interface WaitingState {
  subject: string;
  tokenId: string;
  signed: SignedAttestation;
  flows: string[];
}

/** One attestation for each prescription, of its newest state, however many flows wait for one, or none. */
async function bringStates(portal: Portal, waiting: ReadonlyMap<string, string[]>): Promise<void> {
  const states: WaitingState[] = [];
  const finish = async ({ subject, tokenId, flows }: Omit<WaitingState, 'signed'>, proof: string) => {
    const token = await portal.ethereum.readToken(tokenId);
    if (token !== undefined) await noteTokenState(portal.db, subject, token);
    for (const id of flows) await setStep(portal.db, id, 'attest', 'done', { proof });
    await leaveQueue(portal, 'state', flows);
    for (const id of flows) await settleSaga(portal.db, id);
  };
  for (const [subject, flows] of waiting) {
    const tokenId = portal.ethereum.tokenIdOf(subject);
    try {
      const token = await portal.ethereum.readToken(tokenId);
      // Its turn comes after the token's own.
      if (token === undefined) continue;
      const { attestation, signatures } = await portal.connector.attest(subject);
      if (BigInt(attestation.tokenId) !== BigInt(tokenId)) throw new AppError('CONNECTOR_REFUSED', 'another token');
      const [version, deadline] = [Number(attestation.version), Number(attestation.deadline)];
      if (isRecorded(token, version)) {
        await finish({ subject, tokenId, flows }, `version ${version}`);
        continue;
      }
      const { channel, blockHash, state } = attestation;
      const signed = {
        attestation: { tokenId, channel, blockHash, state, version, deadline },
        signatures: signatures.map(({ signature }) => signature),
      };
      states.push({ subject, tokenId, signed, flows });
    } catch (error) {
      const { code, detail } = asAppError(error);
      log().info({ subject, code, detail }, 'an attestation has to wait');
      for (const id of flows) await setStep(portal.db, id, 'attest', 'running', { error: code });
    }
  }
  await bring(
    states,
    (some) => portal.ethereum.recordStates(some.map(({ signed }) => signed)),
    finish,
    async ({ subject, tokenId, flows, signed }, { detail }) => {
      const token = await portal.ethereum.readToken(tokenId);
      if (token !== undefined && isRecorded(token, signed.attestation.version))
        return finish({ subject, tokenId, flows }, `version ${signed.attestation.version}`);
      log().warn({ subject, detail }, 'the chain refuses an attestation');
      for (const id of flows) await setStep(portal.db, id, 'attest', 'running', { error: 'WRONG_STATE' });
    },
  );
}

/** Brings what waits, tokens before their states. Answers how much waited. */
export async function relayOnce(portal: Portal, most: number): Promise<number> {
  const rows = await readQueue(portal, most);
  const waiting: Waiting[] = [];
  for (const row of rows) {
    const saga = await findSaga(portal.db, row.sagaId);
    if (saga !== undefined && isOpen(saga.row)) waiting.push({ row, saga });
    else await leaveQueue(portal, row.kind === 'mint' ? 'mint' : 'state', [row.sagaId]);
  }
  await bringMints(
    portal,
    waiting.filter(({ row }) => row.kind === 'mint'),
  );
  const subjects = new Map((await readLagging(portal, most)).map((id): [string, string[]] => [id, []]));
  for (const { row } of waiting.filter((each) => each.row.kind === 'state'))
    subjects.set(row.subject, [...(subjects.get(row.subject) ?? []), row.sagaId]);
  await bringStates(portal, subjects);
  await waitAgain(portal, rows);
  return rows.length;
}

/** How often the queue is counted, at most. */
const lookMs = 1_000;

/**
 * Works until `signal` aborts, in one process of those at the database: a batch is brought when `intervalMs` have gone by since the
 * one before, or as soon as `batch` wait.
 */
export function runRelay(portal: Portal, signal: AbortSignal): Promise<void> {
  const { intervalMs, batch } = portal.settings.relay;
  return runAsLeader(portal.settings.databaseUrl, 'medloom relay', signal, async (leading) => {
    let last = Date.now();
    while (!leading.aborted) {
      try {
        const due = Date.now() - last >= intervalMs || (await countQueue(portal)) >= batch;
        if (due) {
          last = Date.now();
          await relayOnce(portal, batch);
        }
      } catch (error) {
        const { code, detail } = asAppError(error);
        log().warn({ code, detail }, 'the relay could not bring a batch');
      }
      await pause(Math.min(lookMs, intervalMs), leading);
    }
  });
}

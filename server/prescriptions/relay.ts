import { AppError, asAppError, type ErrorCode } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Portal } from '#server/portal.ts';
import { runAsLeader } from '../gateways/db/leader.ts';
import type { SignedAttestation } from '../gateways/ethereum/ethereum.ts';
import { findSaga, isOpen, type Saga, setStep, settleSaga } from '../sagas/store.ts';
import { findMint } from '../transactions/minting.ts';
import { noteTokenState } from './readModel.ts';
import {
  countQueue,
  holdStates,
  issueOf,
  leaveQueue,
  type QueuedRow,
  readLagging,
  readQueue,
  waitAgain,
} from './relayQueue.ts';

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
 * Sends all in one transaction; where the contract refuses that, or it is too large, the halves, so that one that it does not take
 * keeps no other back. Whatever else happens is thrown, and nothing is taken for refused.
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
    const code = error instanceof AppError ? error.code : undefined;
    if (!(error instanceof AppError) || (code !== 'WRONG_STATE' && code !== 'TOO_LARGE')) throw error;
    if (items.length === 1) {
      if (code === 'TOO_LARGE') throw error;
      return refused(only, error);
    }
    const half = Math.ceil(items.length / 2);
    await bring(items.slice(0, half), send, brought, refused);
    return bring(items.slice(half), send, brought, refused);
  }
  for (const item of items) await brought(item, hash);
}

async function bringMints(portal: Portal, waiting: Waiting[]): Promise<void> {
  const left: Waiting[] = [];
  /** Whether the chain has it, or another's in its place, whoever brought it: the signature is the doctor's all the same. */
  const isThere = async ({ saga }: Waiting) => {
    const found = (await findMint(portal, saga)) !== undefined;
    if (found) await leave(saga);
    return found;
  };
  const leave = async ({ row: { id, subject } }: Saga) => {
    await leaveQueue(portal, 'mint', [id]);
    await holdStates(portal, subject, 'nothing');
  };
  for (const one of waiting) if (!(await isThere(one))) left.push(one);
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
      await leave(saga);
    },
    async (one, { detail }) => {
      // Mined since it was looked for: then that is why it is refused now.
      if (await isThere(one)) return;
      const { id, subject } = one.saga.row;
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
  const wait = async (subject: string, flows: string[], error: ErrorCode) => {
    await holdStates(portal, subject, 'word');
    for (const id of flows) await setStep(portal.db, id, 'attest', 'running', { error });
  };
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
      if (token === undefined) {
        await holdStates(portal, subject, 'token');
        continue;
      }
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
      await wait(subject, flows, code);
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
      await wait(subject, flows, 'WRONG_STATE');
    },
  );
}

/** Does `work` with the flows of what waits of a kind; whatever comes of it, what still waits then is behind all others. */
async function inTurn(
  portal: Portal,
  kind: 'mint' | 'state',
  most: number,
  work: (waiting: Waiting[]) => Promise<void>,
): Promise<number> {
  const rows = await readQueue(portal, kind, most);
  try {
    const waiting: Waiting[] = [];
    for (const row of rows) {
      const saga = await findSaga(portal.db, row.sagaId);
      if (saga !== undefined && isOpen(saga.row)) waiting.push({ row, saga });
      else await leaveQueue(portal, kind, [row.sagaId]);
    }
    await work(waiting);
  } finally {
    await waitAgain(portal, rows);
  }
  return rows.length;
}

/**
 * Brings what waits, tokens before their states, at most so many of each. Answers how much waited. Throws ETHEREUM_UNAVAILABLE while
 * what was brought before is on its way: the chain does not show yet what of it there is.
 */
export async function relayOnce(portal: Portal, most: number): Promise<number> {
  await portal.ethereum.settle();
  const mints = await inTurn(portal, 'mint', most, (waiting) => bringMints(portal, waiting));
  const states = await inTurn(portal, 'state', most, async (waiting) => {
    const subjects = new Map((await readLagging(portal, most)).map((id): [string, string[]] => [id, []]));
    for (const { row } of waiting) subjects.set(row.subject, [...(subjects.get(row.subject) ?? []), row.sagaId]);
    await bringStates(portal, subjects);
  });
  return mints + states;
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

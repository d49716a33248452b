import { z } from 'zod';
import { institutionRecord, practitionerRecord } from '#chaincode/model/records.ts';
import { employers, type Institution, registryEvent } from '#chaincode/model/registry.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import type { ConnectorLog } from '../log.ts';
import type { Prescribers } from './prescribers.ts';
import { readStanding, walletsOf } from './settleWallets.ts';

/** What a licence's end or an event that was missed leaves behind is found within this time. */
const everyMs = 10 * 60_000;
const longestPauseMs = 60_000;
const pageSize = '100';

const change = z.object({ kind: z.string(), id: z.string() });
const institutionPage = z.object({ items: z.array(institutionRecord), bookmark: z.string() });
const practitionerPage = z.object({ items: z.array(practitionerRecord), bookmark: z.string() });

/** What follows the registry for one organisation. */
export interface RegistryFollower {
  mspId: string;
  /** Connection of the organisation's registrar. */
  ledger: LedgerConnection;
  prescribers: Prescribers;
  log: Pick<ConnectorLog, 'warn'>;
  pause(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/**
 * Keeps the prescriber role of an organisation's doctors in line with `registry` until `signal` aborts: all of them at
 * the start and every ten minutes, each at once when its entry or its institution's changes. Nothing is remembered, so
 * that a restart loses nothing; what fails is begun anew, with growing pauses.
 */
export async function followRegistry(follower: RegistryFollower, signal: AbortSignal): Promise<void> {
  const { mspId, ledger, log, pause } = follower;
  for (let failures = 0; !signal.aborted; ) {
    const round = new AbortController();
    try {
      // Listening begins before all are looked at, so that a change in between is not lost.
      const listening = AbortSignal.any([signal, round.signal, AbortSignal.timeout(everyMs)]);
      const events = await ledger.events('registry', 'registry', listening);
      for await (const institution of institutionsOf(ledger)) await settleInstitution(follower, institution);
      failures = 0;
      for await (const { name, payload } of events) {
        if (name === registryEvent) await settleChanged(follower, payload);
      }
    } catch (error) {
      failures += 1;
      log.warn({ err: error, mspId }, 'the registry is not followed');
    } finally {
      round.abort();
    }
    await pause(Math.min(longestPauseMs, 1_000 * 2 ** failures), signal);
  }
}

async function settleChanged(follower: RegistryFollower, payload: Uint8Array): Promise<void> {
  const { kind, id } = change.parse(JSON.parse(Buffer.from(payload).toString('utf8')));
  if (kind === 'practitioner') return settlePractitioner(follower, id);
  // Channels and products come and go without anybody's wallet.
  if (kind !== 'institution') return;
  const call = { channel: 'registry', contract: 'registry', function: 'readInstitution', args: [id] };
  await settleInstitution(follower, institutionRecord.parse(JSON.parse(await follower.ledger.evaluate(call))));
}

async function settleInstitution(follower: RegistryFollower, institution: Institution): Promise<void> {
  if (institution.mspId !== follower.mspId || !employers.doctor.includes(institution.kind)) return;
  for await (const { id } of practitionersOf(follower.ledger, institution.id)) await settlePractitioner(follower, id);
}

async function settlePractitioner({ mspId, ledger, prescribers }: RegistryFollower, id: string): Promise<void> {
  const known = await readStanding(ledger, id);
  if (known.practitioner.mspId !== mspId || known.practitioner.role !== 'doctor') return;
  const { granted, revoked } = walletsOf(known, new Date());
  await prescribers.settle(granted, revoked);
}

function institutionsOf(ledger: LedgerConnection) {
  return pages(async (bookmark) => institutionPage.parse(await list(ledger, 'listInstitutions', pageSize, bookmark)));
}

function practitionersOf(ledger: LedgerConnection, institutionId: string) {
  return pages(async (bookmark) =>
    practitionerPage.parse(await list(ledger, 'listPractitioners', institutionId, pageSize, bookmark)),
  );
}

async function list(ledger: LedgerConnection, name: string, ...args: string[]): Promise<unknown> {
  return JSON.parse(await ledger.evaluate({ channel: 'registry', contract: 'registry', function: name, args }));
}

/** Items of all pages; an empty bookmark ends them. */
async function* pages<T>(read: (bookmark: string) => Promise<{ items: T[]; bookmark: string }>): AsyncGenerator<T> {
  let bookmark = '';
  do {
    const page = await read(bookmark);
    yield* page.items;
    bookmark = page.bookmark;
  } while (bookmark !== '');
}

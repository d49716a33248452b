import type { Context } from 'fabric-contract-api';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { announce, decodeRecord, getRecord, putRecord, readPage } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import {
  type FormularyChanged,
  type FormularyEntry,
  type FormularyTerms,
  formularyArgument,
  formularyEntry,
  formularyEvent,
  formularyScope,
  formularyTerms,
  governingCodes,
  isAsStrict,
} from '../../model/formulary.ts';
import type { Page } from '../../model/registry.ts';
import { requireSpeaker } from './caller.ts';

/** scope, code → entry */
const objectType = 'formulary';
/** 50 entries with all their words. */
const mostBytes = 64 * 1024;

const keyOf = (ctx: Context, scope: string, code: string) => ctx.stub.createCompositeKey(objectType, [scope, code]);
const findEntry = (ctx: Context, scope: string, code: string) =>
  getRecord(ctx, keyOf(ctx, scope, code), formularyEntry);

/**
 * Puts entries in force, each in the place of the one before it; all of them or none. An institution narrows what stands for
 * all and never widens it: WRONG_STATE.
 */
export async function put(ctx: Context, at: Date, json: string): Promise<void> {
  const { scope, entries } = parseJson(formularyArgument, json, 'terms', mostBytes);
  const by = await requireSpeaker(ctx, at, scope);
  for (const terms of entries) {
    if (scope !== 'national') await requireNarrower(ctx, terms);
    const before = await findEntry(ctx, scope, terms.code);
    const said = { scope, state: 'inForce', by, at: at.toISOString(), version: (before?.version ?? 0) + 1 };
    await putRecord(ctx, keyOf(ctx, scope, terms.code), { ...terms, ...said });
  }
  const said = { id: scope, change: 'formulary:put', status: 'inForce', version: 1, at: at.toISOString() };
  announceChange(ctx, { ...said, keys: entries.map(({ code }) => `${scope}/${code}`) });
}

/** What the institution says must be at least as strict as what governs the medicine for all; what nobody covers it cannot cover. */
async function requireNarrower(ctx: Context, terms: FormularyTerms): Promise<void> {
  const governing = await governingEntry(ctx, terms);
  if (!isAsStrict(terms.tier, governing?.tier ?? 'notCovered')) {
    throw new LedgerError('WRONG_STATE', `${terms.code}: ${governing?.code ?? 'the list for all'} is stricter`);
  }
}

async function governingEntry(ctx: Context, terms: FormularyTerms): Promise<FormularyEntry | undefined> {
  for (const code of governingCodes(terms)) {
    const entry = await findEntry(ctx, 'national', code);
    if (entry?.state === 'inForce') return entry;
  }
  return undefined;
}

/** Takes an entry out of force; what it said stays in its history. Throws NOT_FOUND, WRONG_STATE. */
export async function withdraw(ctx: Context, at: Date, givenScope: string, givenCode: string): Promise<void> {
  const scope = parseValue(formularyScope, givenScope, 'scope');
  const by = await requireSpeaker(ctx, at, scope);
  const before = await read(ctx, scope, givenCode);
  if (before.state === 'withdrawn') throw new LedgerError('WRONG_STATE', `${before.code} is withdrawn already`);
  const entry: FormularyEntry = {
    ...before,
    ...{ state: 'withdrawn', by, at: at.toISOString(), version: before.version + 1 },
  };
  await putRecord(ctx, keyOf(ctx, scope, entry.code), entry);
  const { version } = entry;
  const said = { id: scope, change: 'formulary:withdraw', status: 'withdrawn', version, at: at.toISOString() };
  announceChange(ctx, { ...said, keys: [`${scope}/${entry.code}`] });
}

export function announceChange(ctx: Context, changed: FormularyChanged): void {
  announce(ctx, formularyEvent, changed);
}

/** Throws NOT_FOUND. */
export async function read(ctx: Context, givenScope: string, givenCode: string): Promise<FormularyEntry> {
  const scope = parseValue(formularyScope, givenScope, 'scope');
  const code = parseValue(formularyTerms.shape.code, givenCode, 'code');
  const entry = await findEntry(ctx, scope, code);
  if (!entry) throw new LedgerError('NOT_FOUND', `${scope} says nothing of ${code}`);
  return entry;
}

/** All versions of an entry, newest first. */
export async function history(ctx: Context, givenScope: string, givenCode: string): Promise<FormularyEntry[]> {
  const { scope, code } = await read(ctx, givenScope, givenCode);
  const iterator = await ctx.stub.getHistoryForKey(keyOf(ctx, scope, code));
  const found: FormularyEntry[] = [];
  for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
    found.push(decodeRecord(formularyEntry, next.value.value));
  }
  await iterator.close();
  return found.sort((one, other) => other.version - one.version);
}

/** What one scope says, page by page, by code; what is withdrawn too. */
export async function list(
  ctx: Context,
  givenScope: string,
  pageSize: string,
  bookmark: string,
): Promise<Page<FormularyEntry>> {
  const scope = parseValue(formularyScope, givenScope, 'scope');
  return readPage(ctx, objectType, [scope], pageSize, bookmark, (_key, value) => decodeRecord(formularyEntry, value));
}

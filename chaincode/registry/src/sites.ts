import type { Context } from 'fabric-contract-api';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { decodeRecord, readPage } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { gln as glnShape, type Site, siteRecord, siteRegistration } from '../../model/product.ts';
import type { Page } from '../../model/registry.ts';
import { decider } from './authority.ts';
import { findSite, getInstitution, objectTypes, putSite } from './storage.ts';

/**
 * Registers a place of an institution under its GLN, or writes the institution's own entry anew. A GLN never passes from one
 * institution to another, since packs that are there are held by it.
 */
export async function registerSite(ctx: Context, at: Date, json: string): Promise<void> {
  const registration = parseJson(siteRegistration, json, 'site');
  const { gln, institutionId } = registration;
  await decider(ctx, at, await getInstitution(ctx, institutionId));
  const before = await findSite(ctx, gln);
  if (before && before.institutionId !== institutionId) {
    throw new LedgerError('ALREADY_EXISTS', `${gln} is a site of ${before.institutionId}`);
  }
  await putSite(ctx, { ...registration, version: (before?.version ?? 0) + 1 }, 'registerSite', at);
}

/** Throws NOT_FOUND. */
export async function readSite(ctx: Context, text: string): Promise<Site> {
  const gln = parseValue(glnShape, text, 'gln');
  const site = await findSite(ctx, gln);
  if (!site) throw new LedgerError('NOT_FOUND', `there is no site ${gln}`);
  return site;
}

export async function listSites(ctx: Context, pageSize: string, bookmark: string): Promise<Page<Site>> {
  return readPage(ctx, objectTypes.site, [], pageSize, bookmark, (_key, value) => decodeRecord(siteRecord, value));
}

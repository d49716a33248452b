import { z } from 'zod';
import { type Delegation, delegationRecord } from '#chaincode/model/delegation.ts';
import { type Reenrolment, reenrolment } from '#chaincode/model/patient.ts';
import { type Product, productRecord, type Site, siteRecord } from '#chaincode/model/product.ts';
import { deviceRecord, institutionRecord, practitionerRecord } from '#chaincode/model/records.ts';
import type { Device, Institution, Practitioner } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';

type Ledger = Pick<Portal['ledger'], 'evaluate'>;

const pageSize = '100';
const mostPages = 50;

async function ask<T>(ledger: Ledger, name: string, args: string[], shape: z.ZodType<T>, mspId?: string): Promise<T> {
  const call = { channel: 'registry', contract: 'registry', function: name, args };
  const bytes = await ledger.evaluate({ ...call, ...(mspId === undefined ? {} : { mspId }) });
  try {
    return shape.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw new AppError('INTERNAL', `the registry answered something else for ${name}`, { cause });
  }
}

async function askAll<T>(ledger: Ledger, name: string, args: string[], item: z.ZodType<T>): Promise<T[]> {
  const page = z.object({ items: z.array(item), bookmark: z.string() });
  const items: T[] = [];
  let bookmark = '';
  for (let pages = 0; pages < mostPages; pages += 1) {
    const answer = await ask(ledger, name, [...args, pageSize, bookmark], page);
    items.push(...answer.items);
    bookmark = answer.bookmark;
    if (bookmark === '') break;
  }
  return items;
}

/**
 * What `registry` has now, as the peer of `mspId` knows it. Each throws NOT_FOUND, LEDGER_UNAVAILABLE.
 */
export const readInstitution = (ledger: Ledger, id: string, mspId?: string): Promise<Institution> =>
  ask(ledger, 'readInstitution', [id], institutionRecord, mspId);

export const readPractitioner = (ledger: Ledger, id: string, mspId?: string): Promise<Practitioner> =>
  ask(ledger, 'readPractitioner', [id], practitionerRecord, mspId);

export const readDevice = (ledger: Ledger, id: string, mspId?: string): Promise<Device> =>
  ask(ledger, 'readDevice', [id], deviceRecord, mspId);

export const readDelegation = (ledger: Ledger, id: string, mspId?: string): Promise<Delegation> =>
  ask(ledger, 'readDelegation', [id], delegationRecord, mspId);

/** What a practitioner has given, or a device was given, those that have ended among them. */
export const allDelegations = (ledger: Ledger, subject: string): Promise<Delegation[]> =>
  askAll(ledger, 'listDelegations', [subject], delegationRecord);

export const readReenrolment = (ledger: Ledger, subject: string, mspId?: string): Promise<Reenrolment> =>
  ask(ledger, 'readReenrolment', [subject], reenrolment, mspId);

/** The newest re-enrolment of every practitioner who ever had one. */
export const allReenrolments = (ledger: Ledger): Promise<Reenrolment[]> =>
  askAll(ledger, 'listReenrolments', [], reenrolment);

/** All institutions, whatever their status. */
export const allInstitutions = (ledger: Ledger): Promise<Institution[]> =>
  askAll(ledger, 'listInstitutions', [], institutionRecord);

/** All practitioners of an institution, whatever their status. */
export const allPractitioners = (ledger: Ledger, institution: string): Promise<Practitioner[]> =>
  askAll(ledger, 'listPractitioners', [institution], practitionerRecord);

/** All devices of an institution, whatever their status. */
export const allDevices = (ledger: Ledger, institution: string): Promise<Device[]> =>
  askAll(ledger, 'listDevices', [institution], deviceRecord);

/** One product. */
export const readProduct = (ledger: Ledger, gtin: string, mspId?: string): Promise<Product> =>
  ask(ledger, 'readProduct', [gtin], productRecord, mspId);

/** One place of an institution. */
export const readSite = (ledger: Ledger, gln: string, mspId?: string): Promise<Site> =>
  ask(ledger, 'readSite', [gln], siteRecord, mspId);

/** All products whose packs are traced. */
export const allProducts = (ledger: Ledger): Promise<Product[]> => askAll(ledger, 'listProducts', [], productRecord);

/** All places of all institutions. */
export const allSites = (ledger: Ledger): Promise<Site[]> => askAll(ledger, 'listSites', [], siteRecord);

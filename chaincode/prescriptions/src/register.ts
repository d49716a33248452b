import { createHash } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { requireChannel } from '../../care/channel.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { peerTime } from '../../ledger/clock.ts';
import { readFound } from '../../ledger/found.ts';
import { decodeRecord } from '../../ledger/store.ts';
import { transientJson } from '../../ledger/transient.ts';
import {
  type HeldRegisterEntry,
  registerCollection,
  registerTransientField,
  sealedRegisterEntry,
} from '../../model/controlledRegister.ts';
import { LedgerError } from '../../model/errors.ts';
import type { Prescription, PrescriptionIssue } from '../../model/prescription.ts';
import { prescriptionId } from '../../model/records.ts';
import { stateBytes } from '../../model/state.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { institutionOf } from '../../people/institutions.ts';
import { getPrescription } from './storage.ts';

/** The authority's register of controlled medicines: what it says is sealed, that it is there stands on the prescription. */

/** Pharmacies refuse a controlled medicine that the authority has no entry of: CONTROLLED_INCOMPLETE. */
export function requireRegistered({ id, controlled, register }: Prescription): void {
  if (controlled && !register) throw new LedgerError('CONTROLLED_INCOMPLETE', `${id} has no register entry`);
}

/**
 * Keeps the entry that `issue` brings. Throws CONTROLLED_INCOMPLETE where it is missing, another than its hash says, or not for
 * an authority; STALE_KEY where that has another reading key by now.
 */
export async function keepRegisterEntry(ctx: Context, { id, register }: PrescriptionIssue): Promise<void> {
  if (!register) return;
  if (!ctx.stub.getTransient().get(registerTransientField)?.length) {
    throw new LedgerError('CONTROLLED_INCOMPLETE', 'the register entry is missing');
  }
  const bytes = stateBytes(transientJson(ctx, registerTransientField, sealedRegisterEntry));
  if (createHash('sha256').update(bytes).digest('hex') !== register.hash) {
    throw new LedgerError('CONTROLLED_INCOMPLETE', 'the register entry is another than its hash says');
  }
  const { kind, status, reading } = await institutionOf(ctx, register.to);
  if (kind !== 'authority') throw new LedgerError('CONTROLLED_INCOMPLETE', `${register.to} is no authority`);
  if (status !== 'active') throw new LedgerError('SUSPENDED', `${register.to} is ${status}`);
  if (reading?.generation !== register.generation) {
    throw new LedgerError('STALE_KEY', `${register.to} has reading key ${reading?.generation ?? 0}`);
  }
  await ctx.stub.putPrivateData(registerCollection, id, bytes);
}

/**
 * Entries for a regulator of the authority that they are sealed to, in the order asked for, without those that are not there. Throws
 * NOT_AUTHORISED; NOT_FOUND where none is there.
 */
export async function readRegister(ctx: Context, json: string): Promise<HeldRegisterEntry[]> {
  const wanted = parseJson(z.array(prescriptionId).min(1).max(50), json, 'ids');
  const { institution } = await requirePractitioner(ctx, 'regulator', peerTime());
  return readFound(wanted, async (id) => {
    requireChannel(ctx, id);
    const { register, author, authorInstitution, authoredOn, quantity, fills } = await getPrescription(ctx, id);
    if (!register) throw new LedgerError('NOT_FOUND', `${id} has no register entry`);
    if (register.to !== institution.id) throw new LedgerError('NOT_AUTHORISED', `${id} is registered elsewhere`);
    const bytes = await ctx.stub.getPrivateData(registerCollection, id);
    if (bytes.length === 0) throw new LedgerError('NOT_FOUND', `the entry of ${id} is not kept here`);
    const { generation } = register;
    const sealed = decodeRecord(sealedRegisterEntry, bytes);
    return { id, author, authorInstitution, authoredOn, quantity: quantity * fills, generation, ...sealed };
  });
}

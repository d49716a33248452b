import type { Context } from 'fabric-contract-api';
import { type Actor, requireActor } from '../../care/actor.ts';
import { parseCareId, requireChannel } from '../../care/channel.ts';
import { Folder } from '../../care/folder.ts';
import { getPatient, requirePatientActive } from '../../care/people.ts';
import { requireTreating } from '../../consents/src/permission.ts';
import { parseJson, parseReason } from '../../ledger/arguments.ts';
import { requireStatement } from '../../ledger/statement.ts';
import { transientJson } from '../../ledger/transient.ts';
import type { Category } from '../../model/category.ts';
import { LedgerError } from '../../model/errors.ts';
import {
  type DocumentSecrets,
  documentSecrets,
  recordDocument,
  recordTransientField,
  type StoredDocument,
} from '../../model/healthRecord.ts';
import { documentId } from '../../model/identifiers.ts';
import { documentStatement } from '../../model/statements.ts';
import {
  announceDocument,
  currentEpoch,
  findDocument,
  getDocument,
  getSecrets,
  listDocument,
  moveInTail,
  putDocument,
} from './storage.ts';
import * as transitions from './transitions.ts';

/**
 * Adds an encrypted document. A clinician in standing needs no consent to write, as on paper; what is written is opened by
 * whom the patient lets read.
 */
export async function add(ctx: Context, at: Date, json: string): Promise<void> {
  const given = parseJson(recordDocument, json, 'document');
  const secrets = transientJson(ctx, recordTransientField, documentSecrets);
  for (const id of [given.id, given.patient]) requireChannel(ctx, id);
  const actor = await requireActor(ctx, given.patient, at);
  requirePatientActive(await getPatient(ctx, given.patient));
  requireStatement(ctx, documentStatement(actor.id, given, secrets), given.signature);
  if (await findDocument(ctx, given.id)) throw new LedgerError('ALREADY_EXISTS', `${given.id} exists already`);
  const folder = await Folder.of(ctx, given.patient);
  await requireCurrent(folder, secrets);
  if (given.replaces) await supersede(ctx, folder, actor, given.replaces, secrets.category, at);
  const document: StoredDocument = {
    ...given,
    author: actor.id,
    ...('practitioner' in actor && { institution: actor.practitioner.institutionId }),
    state: 'current',
    at: at.toISOString(),
    version: 1,
  };
  await putDocument(ctx, document);
  await listDocument(ctx, document);
  await moveInTail(folder, document, secrets, at);
  announceDocument(ctx, document, 'records:add', at);
}

/** Throws RECORD_NOT_OPENED, STALE_KEY. */
async function requireCurrent(folder: Folder, { category, epoch }: DocumentSecrets): Promise<void> {
  const current = await currentEpoch(folder, category);
  if (!current) throw new LedgerError('RECORD_NOT_OPENED', 'the category has no keys');
  if (current.epoch !== epoch) throw new LedgerError('STALE_KEY', 'the category has another epoch');
}

/** The document that a new one replaces; by its author, an owner, or who may read the category to treat: NO_CONSENT. */
async function supersede(ctx: Context, folder: Folder, actor: Actor, id: string, category: Category, at: Date) {
  requireChannel(ctx, id);
  const document = await getDocument(ctx, id);
  if (document.author !== actor.id) await requireTreating(folder, actor, category, at);
  const secrets = document.patient === folder.patient ? await getSecrets(folder, id) : undefined;
  if (secrets?.category !== category) {
    throw new LedgerError('INVALID_ARGUMENT', 'replaces: a document of another patient or category');
  }
  const superseded = transitions.supersede(document);
  await putDocument(ctx, superseded);
  await moveInTail(folder, superseded, secrets, at);
}

/** Marks a document as entered in error: its author, or an owner. What it says stays. */
export async function retract(ctx: Context, at: Date, id: string, reason: string): Promise<void> {
  const document = await getDocument(ctx, parseCareId(ctx, documentId, id, 'id'));
  const words = parseReason(reason);
  const actor = await requireActor(ctx, document.patient, at);
  if (!('owner' in actor) && document.author !== actor.id) {
    throw new LedgerError('NOT_AUTHORISED', `${id} is of another author`);
  }
  const retracted = transitions.retract(document, words);
  const folder = await Folder.of(ctx, document.patient);
  await putDocument(ctx, retracted);
  await moveInTail(folder, retracted, await getSecrets(folder, id), at);
  announceDocument(ctx, retracted, 'records:retract', at);
}

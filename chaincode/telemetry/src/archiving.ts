import type { Context } from 'fabric-contract-api';
import { openAccess } from '../../access/src/reading.ts';
import { parsePseudonym, requireChannel } from '../../care/channel.ts';
import { epochParts, getCircle, requireEpoch } from '../../care/circles.ts';
import { Folder, folderTypes } from '../../care/folder.ts';
import { isGateway } from '../../care/gateways.ts';
import { requireMember } from '../../care/members.ts';
import { requireOwner } from '../../care/owner.ts';
import { parseJson, parseNumber } from '../../ledger/arguments.ts';
import { peerTime } from '../../ledger/clock.ts';
import { announce } from '../../ledger/store.ts';
import { transientJson } from '../../ledger/transient.ts';
import { careEvents } from '../../model/careEvents.ts';
import { circlePlace } from '../../model/circle.ts';
import { LedgerError } from '../../model/errors.ts';
import type { StoredCategory } from '../../model/healthRecord.ts';
import { archiveTransientField, keyArchive, type StoredArchive, storedArchive } from '../../model/telemetry.ts';
import { callingDevice, isDevice } from '../../people/devices.ts';
import { currentEpoch } from '../../records/src/storage.ts';

/** So many archived keys one call answers. */
const mostArchives = 100;

/**
 * Keeps the key of an epoch for whoever may read the patient's results. The first that is brought counts, so that it need not be
 * asked whether there is one; an owner's takes the place of a device's, whose word is less.
 */
export async function archive(ctx: Context, at: Date, json: string): Promise<void> {
  const { patient, generation, epoch } = parseJson(circlePlace, json, 'archive');
  requireChannel(ctx, patient);
  const member = await requireMember(ctx, patient, at);
  if ('seat' in member && member.seat.kind === 'clinician') {
    throw new LedgerError('NOT_AUTHORISED', 'keys are archived by the patient and devices');
  }
  const { categoryEpoch, wrap } = transientJson(ctx, archiveTransientField, keyArchive);
  await requireEpoch(ctx, { patient, generation, epoch });
  const folder = await Folder.of(ctx, patient);
  const parts = epochParts({ generation, epoch });
  const before = await folder.get(folderTypes.archive, parts, storedArchive);
  if (before && !('owner' in member && before.by.startsWith('dev-'))) return;
  const results = await currentEpoch(folder, 'results');
  if (!results) throw new LedgerError('RECORD_NOT_OPENED', 'the record has no results');
  if (results.epoch !== categoryEpoch)
    throw new LedgerError('STALE_KEY', `epoch ${results.epoch} of results is current`);
  const kept: StoredArchive = { generation, epoch, categoryEpoch, wrap, by: member.id, at: at.toISOString() };
  await folder.put(folderTypes.archive, parts, kept);
  const said = { id: patient, change: 'telemetry:archive', state: 'archived', version: before ? 2 : 1 };
  announce(ctx, careEvents.telemetry, { ...said, at: at.toISOString(), patient });
}

/**
 * The public key under which epochs' keys are archived, with the owner's statement about it: for members, whose devices cannot read
 * the record otherwise, and for gateways, which pass it on to them. To be evaluated and never submitted. Throws RECORD_NOT_OPENED.
 */
export async function readArchiveKey(ctx: Context, pseudonym: string): Promise<StoredCategory> {
  const patient = parsePseudonym(ctx, pseudonym);
  if (!isDevice(ctx) || !isGateway(await callingDevice(ctx))) await requireMember(ctx, patient, peerTime());
  const results = await currentEpoch(await Folder.of(ctx, patient), 'results');
  if (!results) throw new LedgerError('RECORD_NOT_OPENED', 'the record has no results');
  return results;
}

/**
 * Archived keys of a generation from an epoch on, at most 100, for an owner, or by an access that has released results. To be
 * evaluated and never submitted.
 */
export async function readArchives(
  ctx: Context,
  pseudonym: string,
  generation: string,
  from: string,
  access: string,
): Promise<StoredArchive[]> {
  const patient = parsePseudonym(ctx, pseudonym);
  const [of, first] = [parseNumber(generation, 'generation'), parseNumber(from, 'from')];
  const folder = await releasedFolder(ctx, patient, access);
  const circle = await getCircle(ctx, patient);
  const newest = of === circle.generation ? circle.epoch : Number.POSITIVE_INFINITY;
  const archives: StoredArchive[] = [];
  for (let epoch = first; epoch <= newest && epoch < first + mostArchives; epoch += 1) {
    const found = await folder.get(folderTypes.archive, epochParts({ generation: of, epoch }), storedArchive);
    if (found) archives.push(found);
  }
  return archives;
}

async function releasedFolder(ctx: Context, patient: string, access: string): Promise<Folder> {
  if (access === '') {
    await requireOwner(ctx, patient, peerTime());
    return Folder.of(ctx, patient);
  }
  const { access: opened, folder, released } = await openAccess(ctx, access);
  if (opened.patient !== patient) throw new LedgerError('NOT_AUTHORISED', `${opened.id} is of another patient`);
  if (!released.includes('results')) throw new LedgerError('NO_CONSENT', 'results are not released');
  return folder;
}

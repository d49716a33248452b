import { and, asc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { devices } from '../gateways/db/schema/circles.ts';
import { certificatesOf, certifiedKeyHash } from '../people/certificates.ts';
import type { Actor } from '../people/schema.ts';
import { institutionClaim } from '../records/readers.ts';
import { readDevice, readInstitution } from '../registry/ledger.ts';
import { providers } from './policy.ts';
import type { DeviceReader, InsurerReaders, someInsurer } from './schema.ts';

/** A claim has at most six readers, of whom three are people's. */
const mostAdjudicators = 3;

/**
 * To whom at an insurer something is sealed: the institution and its adjudicators, each with what proves the key; the page checks that
 * itself. Throws FORBIDDEN for whom nothing of insurance is, NOT_FOUND where the insurer has no key yet, LEDGER_UNAVAILABLE.
 */
export async function insurerReaders(
  actor: Actor,
  { insurer: id }: z.output<typeof someInsurer>,
  portal: Portal = thePortal(),
): Promise<InsurerReaders> {
  if (actor.role !== 'patient' && !providers.includes(actor.role)) {
    throw new AppError('FORBIDDEN', `${actor.role} sends insurers nothing`);
  }
  const institution = await readInstitution(portal.ledger, id);
  const insurer = institution.kind === 'insurer' ? await institutionClaim(portal, institution) : undefined;
  if (insurer?.kind !== 'institution') {
    throw new AppError('NOT_FOUND', `${id} has no reading key`, {
      message: 'This insurer has no key to which this could be encrypted yet.',
    });
  }
  const own = and(eq(devices.institutionId, id), eq(devices.purpose, 'adjudicator'), eq(devices.status, 'active'));
  const rows = await portal.db
    .select({ id: devices.id })
    .from(devices)
    .where(own)
    .orderBy(asc(devices.id))
    .limit(mostAdjudicators);
  const adjudicators = await Promise.all(rows.map((device) => deviceClaim(portal, device.id)));
  return { insurer, adjudicators: adjudicators.filter((claim) => claim !== undefined) };
}

/** Undefined where it is not active any more, or this portal does not know the certificate of its key. */
async function deviceClaim(portal: Portal, id: string): Promise<DeviceReader | undefined> {
  const { keys, status } = await readDevice(portal.ledger, id);
  const known = (await certificatesOf(portal, [id])).get(id) ?? [];
  const certificatePem = known.find((pem) => certifiedKeyHash(pem) === keys.signingKeyHash);
  if (status !== 'active' || certificatePem === undefined) return undefined;
  return { kind: 'person', id, readingKey: keys.readingKey, certificatePem };
}

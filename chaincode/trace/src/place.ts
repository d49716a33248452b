import { termOf } from '../../../epcis/vocabulary.ts';
import { identifierOf } from '../../../gs1/uri.ts';
import { LedgerError } from '../../model/errors.ts';
import type { Institution } from '../../model/registry.ts';
import type { Captured } from './event.ts';

/** GLN of the place, or of the party, that a URI names. */
function glnOf(uri: string | undefined): string | undefined {
  const named = uri === undefined ? undefined : identifierOf(uri);
  return named?.type === 'sgln' || named?.type === 'pgln' ? named.key : undefined;
}

/**
 * GLN of the caller's own place where it happened: the business location, else the read point. Undefined where neither is
 * named. Throws NOT_FOUND, NOT_AUTHORISED (a place of another).
 */
export async function namedSite({ event, master, actor }: Captured): Promise<string | undefined> {
  const gln = glnOf(event.bizLocation?.id) ?? glnOf(event.readPoint?.id);
  if (gln === undefined) return undefined;
  const { institutionId } = await master.site(gln);
  if (institutionId !== actor.institutionId) {
    throw new LedgerError('NOT_AUTHORISED', `${gln} is a site of ${institutionId}`);
  }
  return gln;
}

/** The same, where it must be named: INVALID_ARGUMENT. */
export async function requireSite(captured: Captured): Promise<string> {
  const site = await namedSite(captured);
  if (site !== undefined) return site;
  throw new LedgerError('INVALID_ARGUMENT', 'bizLocation: names no place by its GLN, nor does readPoint');
}

/** Kinds of destination by which a party is looked for, the surest first. */
const partyTypes = ['possessing_party', 'owning_party', 'location'] as const;

/** The institution to whom a shipment goes. Throws INVALID_ARGUMENT, NOT_FOUND, SUSPENDED, NOT_AUTHORISED. */
export async function destinationOf({ event, master }: Captured): Promise<Institution> {
  for (const wanted of partyTypes) {
    const named = event.destinationList?.find(({ type }) => termOf('sourceDestinationType', type) === wanted);
    const gln = glnOf(named?.destination);
    if (gln !== undefined) return master.holder((await master.site(gln)).institutionId);
  }
  throw new LedgerError('INVALID_ARGUMENT', 'destinationList: names no party by its GLN');
}

import type { Root } from '#crypto/certificate.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { allowPeople } from './policy.ts';
import type { Actor } from './schema.ts';

/**
 * The organisations' authorities, for a vault that has pinned none yet. From then on it believes what comes from these and
 * not what a portal says. Throws CONNECTOR_UNAVAILABLE.
 */
export async function listAuthorities(actor: Actor, _: undefined, portal: Portal = thePortal()): Promise<Root[]> {
  allowPeople(actor, 'listAuthorities');
  return portal.connector.authorities();
}

import type { TestNetwork } from '../devnet/testing/network.ts';
import { createOrganisation, enrol } from '../devnet/testing/organisations.ts';
import type { Profile } from './profile.ts';

/** A certificate begins five minutes before it is issued, so that this one ended a minute ago. */
const aMinuteAgo = -1 / (24 * 60);

/** The people of the checks, among them those who must be refused. */
export async function createIdentities({ organisations, revoked }: TestNetwork): Promise<Profile['identities']> {
  const { alpha, beta, gamma, guest } = organisations;
  const client = (organisation: typeof alpha) => enrol(organisation, 'client', { role: 'tester' });
  return {
    alpha: await client(alpha),
    beta: await client(beta),
    gamma: await client(gamma),
    guest: await client(guest),
    revoked,
    expired: await enrol(alpha, 'client', { role: 'tester' }, aMinuteAgo),
    foreign: await client(await createOrganisation('StrangerMSP', false)),
  };
}

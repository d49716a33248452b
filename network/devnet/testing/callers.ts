import { createAuthority, inDays, issueTo, revocationList } from './authorities.ts';
import { createOrganisation, enrol, type TestOrganisation } from './organisations.ts';
import type { Callers } from './refused.ts';

const minute = 1 / (24 * 60);

/** Makes good and bad callers of a network of Alpha and Guest, and the list that revokes one of them. */
export async function createCallers(organisations: {
  alpha: TestOrganisation;
  guest: TestOrganisation;
  ordering: TestOrganisation;
}): Promise<{ callers: Callers; crlPem: string }> {
  const { alpha, guest, ordering } = organisations;
  const stranger = await createOrganisation('StrangerMSP', false);
  const foreign = await createAuthority({ commonName: 'foreign' });
  const of = (request: Parameters<typeof issueTo>[2], issuer = alpha.ca) => issueTo(alpha.mspId, issuer, request);
  const callers: Callers = {
    client: await enrol(alpha),
    guest: await enrol(guest),
    peer: await enrol(alpha, 'peer'),
    orderer: await enrol(ordering, 'orderer'),
    revoked: await enrol(alpha),
    expired: await of({
      commonName: 'expired',
      units: ['client'],
      notBefore: inDays(-3 * minute),
      notAfter: inDays(-minute),
    }),
    stranger: await enrol(stranger),
    impostor: await of({ commonName: 'impostor', units: ['client'] }, foreign),
    authority: { mspId: alpha.mspId, ...alpha.ca },
    twoRoles: await of({ commonName: 'two roles', units: ['client', 'peer'], notBefore: inDays(-3 * minute) }),
  };
  return { callers, crlPem: await revocationList(alpha.ca, [callers.revoked]) };
}

import { type MspId, mspIds, ordererMspId, peerMspIds } from '../channels.ts';
import type { LeafRequest } from './certificates.ts';

/** A certificate that an organisation holds, by the name of its files. */
export interface IdentityPlan extends LeafRequest {
  file: string;
  /** The authority that signs it, by the name of its files. */
  authority: 'ca' | 'tlsca';
}

export interface OrganisationPlan {
  mspId: MspId | typeof ordererMspId;
  authorities: ('ca' | 'tlsca')[];
  identities: IdentityPlan[];
}

/** Names under which the devnet is reached: it serves on loopback only. */
const loopback = { dns: ['localhost'], ip: ['127.0.0.1'] };

/** Who holds which certificates. Persons are not here: they enrol with their institution's CA. */
export function organisationPlans(): OrganisationPlan[] {
  return [...mspIds.map(memberPlan), ordererPlan()];
}

function memberPlan(mspId: MspId): OrganisationPlan {
  const registrar = officer(mspId, 'registrar');
  if (!peerMspIds.includes(mspId)) return { mspId, authorities: ['ca'], identities: [registrar] };
  return {
    mspId,
    authorities: ['ca', 'tlsca'],
    identities: [
      { file: 'peer', authority: 'ca', commonName: `peer.${mspId}`, unit: 'peer', organisation: mspId },
      {
        file: 'tls',
        authority: 'tlsca',
        commonName: `peer.${mspId}`,
        unit: 'peer',
        organisation: mspId,
        tlsNames: loopback,
      },
      officer(mspId, 'service'),
      registrar,
      officer(mspId, 'notary'),
    ],
  };
}

function ordererPlan(): OrganisationPlan {
  const organisation = ordererMspId;
  return {
    mspId: ordererMspId,
    authorities: ['ca'],
    identities: [{ file: 'orderer', authority: 'ca', commonName: 'orderer', unit: 'orderer', organisation }],
  };
}

/** A client of the organisation itself, whose role the chaincode reads from the certificate. */
function officer(mspId: MspId, role: 'service' | 'registrar' | 'notary'): IdentityPlan {
  return {
    file: role,
    authority: 'ca',
    commonName: `${role}.${mspId}`,
    unit: 'client',
    organisation: mspId,
    attributes: { role },
  };
}

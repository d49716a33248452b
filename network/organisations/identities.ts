import { type MspId, mspIds, ordererMspId, peerMspIds, telemetryMsp } from '../channels.ts';
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

/** How many orderers agree on the order of blocks: one may be down. */
export const ordererCount = 3;

/** Names of an orderer's files: of its identity, and of what it serves TLS with. Orderers are counted from 1. */
export function ordererFiles(number: number): { identity: string; tls: string } {
  const identity = number === 1 ? 'orderer' : `orderer${number}`;
  return { identity, tls: `${identity}tls` };
}

/** Names under which a node is reached: all serve on loopback only. */
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
      { file: 'admin', authority: 'ca', commonName: `admin.${mspId}`, unit: 'admin', organisation: mspId },
      officer(mspId, 'service'),
      registrar,
      officer(mspId, 'notary'),
      ...(mspId === telemetryMsp ? [telemetryServer()] : []),
    ],
  };
}

/** What the telemetry gateway shows to devices. */
function telemetryServer(): IdentityPlan {
  return {
    ...{ file: 'telemetry', authority: 'tlsca', commonName: `telemetry.${telemetryMsp}`, unit: 'client' },
    ...{ organisation: telemetryMsp, tlsNames: loopback },
  };
}

function ordererPlan(): OrganisationPlan {
  const organisation = ordererMspId;
  const numbers = Array.from({ length: ordererCount }, (_, index) => index + 1);
  return {
    mspId: organisation,
    authorities: ['ca', 'tlsca'],
    identities: [
      { file: 'admin', authority: 'ca', commonName: 'admin', unit: 'admin', organisation },
      ...numbers.flatMap((number): IdentityPlan[] => {
        const { identity, tls } = ordererFiles(number);
        const holder = { commonName: identity, unit: 'orderer', organisation } as const;
        return [
          { file: identity, authority: 'ca', ...holder },
          { file: tls, authority: 'tlsca', ...holder, tlsNames: loopback },
        ];
      }),
    ],
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

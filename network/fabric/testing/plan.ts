import type { ChannelConfig } from '../../devnet/config.ts';
import { createOrganisation, enrol, type TestOrganisation } from '../../devnet/testing/organisations.ts';
import { createKey, issueLeaf, type LeafRequest } from '../../organisations/certificates.ts';
import type { FabricOrganisation, FabricPlan } from '../plan.ts';

/** What a plan says of an organisation whose CAs are at hand. */
export async function fabricOrganisation(organisation: TestOrganisation): Promise<FabricOrganisation> {
  const { mspId, ca, tlsCa, peer, crlPems } = organisation;
  const authorities = { mspId, rootCertPem: ca.certPem, ...(crlPems && { crlPems }) };
  if (!peer) return authorities;
  const admin = await enrol(organisation, 'admin');
  return { ...authorities, tlsRootCertPem: tlsCa.certPem, admin, peer };
}

/** Raft orderers of an OrdererMSP of their own. */
export async function createOrderers(count: number): Promise<FabricPlan['orderers']> {
  const ordering = await createOrganisation('OrdererMSP', false);
  const nodes = Array.from({ length: count }, async (_, index) => {
    const { certPem, keyPem } = await enrol(ordering, 'orderer');
    const tlsKeyPem = await createKey();
    const request: LeafRequest = {
      commonName: `orderer ${index + 1}`,
      unit: 'orderer',
      organisation: 'OrdererMSP',
      tlsNames: { dns: ['localhost'], ip: ['127.0.0.1'] },
    };
    return { certPem, keyPem, tlsKeyPem, tlsCertPem: await issueLeaf(ordering.tlsCa, request, tlsKeyPem) };
  });
  return {
    mspId: 'OrdererMSP',
    rootCertPem: ordering.ca.certPem,
    tlsRootCertPem: ordering.tlsCa.certPem,
    admin: await enrol(ordering, 'admin'),
    nodes: await Promise.all(nodes),
  };
}

/** A whole plan over organisations that were made before. */
export async function fabricPlan(options: {
  stateDir: string;
  organisations: readonly TestOrganisation[];
  channels: readonly ChannelConfig[];
  orderers?: number;
  batchTimeoutMs?: number;
}): Promise<FabricPlan> {
  const { stateDir, organisations, channels, orderers = 3, batchTimeoutMs } = options;
  return {
    stateDir,
    ...(batchTimeoutMs === undefined ? {} : { batchTimeoutMs }),
    organisations: await Promise.all(organisations.map(fabricOrganisation)),
    orderers: await createOrderers(orderers),
    channels,
  };
}

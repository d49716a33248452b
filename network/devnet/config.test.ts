import { beforeAll, describe, expect, it } from 'vitest';
import { type DevnetConfig, parseConfig } from './config.ts';
import { createAuthority, issueTo } from './testing/authorities.ts';
import { createOrganisation, enrol, type TestOrganisation } from './testing/organisations.ts';

let alpha: TestOrganisation;
let config: DevnetConfig;

const collection = {
  name: 'secrets',
  policy: "OR('AlphaMSP.member')",
  requiredPeerCount: 0,
  maxPeerCount: 1,
  blockToLive: 0,
  memberOnlyRead: true,
  memberOnlyWrite: true,
};

beforeAll(async () => {
  alpha = await createOrganisation('AlphaMSP', true);
  const ordering = await createOrganisation('OrdererMSP', false);
  const { certPem, keyPem } = await enrol(ordering, 'orderer');
  config = {
    stateDir: 'state',
    organisations: [{ mspId: 'AlphaMSP', rootCertPem: alpha.ca.certPem, ...(alpha.peer && { peer: alpha.peer }) }],
    orderer: { mspId: 'OrdererMSP', rootCertPem: ordering.ca.certPem, certPem, keyPem },
    channels: [
      {
        name: 'one',
        organisations: ['AlphaMSP'],
        policies: { Anybody: 'ANY Endorsement' },
        chaincodes: [
          {
            name: 'probe',
            version: '1.0',
            endorsementPolicy: '/Channel/Application/Anybody',
            collections: [collection],
            addresses: {},
          },
        ],
      },
    ],
  };
});

type Chaincode = DevnetConfig['channels'][number]['chaincodes'][number];

/** The configuration with another chaincode, or another organisation. */
function withChaincode(change: Partial<Record<keyof Chaincode, unknown>>): unknown {
  return {
    ...config,
    channels: config.channels.map((channel) => ({
      ...channel,
      chaincodes: channel.chaincodes.map((chaincode) => ({ ...chaincode, ...change })),
    })),
  };
}

function withOrganisation(change: object): unknown {
  return { ...config, organisations: config.organisations.map((item) => ({ ...item, ...change })) };
}

describe('parseConfig', () => {
  it("takes the channel's own policy where a chaincode has none", () => {
    expect(parseConfig(config)).toEqual(config);
    const [channel] = parseConfig(withChaincode({ endorsementPolicy: undefined })).channels;
    expect(channel?.chaincodes[0]?.endorsementPolicy).toBe('/Channel/Application/Endorsement');
  });

  it.each([
    ['a policy that the channel does not have', { endorsementPolicy: '/Channel/Application/Nobody' }, 'has no policy'],
    ['a policy of somebody unknown', { endorsementPolicy: "OR('BetaMSP.peer')" }, 'names the unknown BetaMSP'],
    ['no policy at all', { endorsementPolicy: 'anybody' }, 'endorsementPolicy'],
    ["the name of a chaincode of Fabric's", { name: 'qscc' }, 'is the name of a system chaincode'],
    ['a version with a blank', { version: '1 0' }, 'version'],
    [
      'members that must come together',
      { collections: [{ ...collection, policy: "AND('AlphaMSP.member','AlphaMSP.peer')" }] },
      'must be an OR of principals',
    ],
    [
      'a collection without enough peers',
      { collections: [{ ...collection, requiredPeerCount: 2 }] },
      'must not be less than requiredPeerCount',
    ],
    [
      'a collection by the name of an implicit one',
      { collections: [{ ...collection, name: '_implicit_org_AlphaMSP' }] },
      'collections.0.name',
    ],
  ])('refuses %s', (_what, change, message) => {
    expect(() => parseConfig(withChaincode(change))).toThrow(message);
  });

  it('refuses an MSP that Fabric would not take', async () => {
    const root = await createAuthority({ commonName: 'root' });
    const stray = await createAuthority({ commonName: 'stray' });
    const client = await issueTo('AlphaMSP', alpha.ca, {
      commonName: 'client',
      units: ['client'],
      notBefore: new Date(),
    });
    for (const [change, message] of [
      [{ rootCertPem: client.certPem }, 'AlphaMSP: the root certificate is not a CA certificate'],
      [
        { rootCertPem: root.certPem },
        "AlphaMSP: the peer's certificate: the certificate was not issued by a CA of AlphaMSP",
      ],
      [
        { intermediateCertPems: [(await createAuthority({ commonName: 'below' }, stray)).certPem] },
        'AlphaMSP: an intermediate certificate is not valid',
      ],
      [{ nodeOus: false }, 'AlphaMSP: administrators must be declared'],
      [{ crlPems: [root.certPem] }, 'AlphaMSP: a revocation list cannot be read'],
    ] as const)
      expect(() => parseConfig(withOrganisation(change))).toThrow(message);
  });
});

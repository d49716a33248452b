import { expect, it } from 'vitest';
import { ChannelPolicies } from '../channel/policies.ts';
import { disseminationFault } from './dissemination.ts';

const policies = new ChannelPolicies(
  {
    name: 'one',
    organisations: ['AlphaMSP', 'BetaMSP', 'GammaMSP'],
    chaincodes: [
      {
        name: 'probe',
        version: '1',
        endorsementPolicy: "OR('AlphaMSP.peer')",
        addresses: {},
        collections: [0, 1, 2].map((requiredPeerCount) => ({
          name: `to-${requiredPeerCount}`,
          policy: "OR('AlphaMSP.member', 'BetaMSP.member', 'GuestMSP.member')",
          requiredPeerCount,
          maxPeerCount: 3,
          blockToLive: 0,
          memberOnlyRead: true,
          memberOnlyWrite: true,
        })),
      },
    ],
  },
  ['AlphaMSP', 'BetaMSP', 'GammaMSP', 'GuestMSP'].map((mspId) => ({ mspId })),
);
const fault = (endorser: string, ...collections: string[]) =>
  disseminationFault(
    policies,
    endorser,
    collections.map((collection) => ({ namespace: 'probe', collection })),
  );

it('counts the peers of the other members', () => {
  expect(fault('AlphaMSP', 'to-0', 'to-1')).toBeUndefined();
  expect(fault('AlphaMSP', 'to-1', 'to-2')).toBe(
    'could not build private data dissemination plan for chaincode probe and collection to-2: ' +
      'required to disseminate to at least 2 peers, but know of only 1 eligible peers',
  );
  // Who does not belong to the collection has more of them.
  expect(fault('GammaMSP', 'to-2')).toBeUndefined();
  expect(fault('AlphaMSP', '_implicit_org_BetaMSP')).toBeUndefined();
});

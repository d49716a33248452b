import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChaincodeCall } from '../chaincode/interest.ts';
import { parsePolicy } from '../policy/language.ts';
import { TestLedger } from '../testing/ledger.ts';
import { Peer } from './peer.ts';
import { chooseEndorsers, eligiblePeers, requirementsOf } from './plan.ts';

let folder: string;
let ledger: TestLedger;
let peers: Peer[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medloom-plan-'));
  ledger = await TestLedger.open(folder);
  peers = ledger.peers.map((identity) => new Peer(identity, '', new Map()));
});

afterAll(async () => {
  await ledger.channel.close();
  await rm(folder, { recursive: true, force: true });
});

/** The chaincode asks for Alpha and Beta, its collection `secrets` has both as members and no policy of its own. */
const call: ChaincodeCall = {
  chaincode: 'probe',
  collection: undefined,
  readsPrivate: false,
  keyPolicies: [],
  disregardsChaincode: false,
};
const ofKey = (policy: string): ChaincodeCall => ({
  ...call,
  keyPolicies: [parsePolicy(policy)],
  disregardsChaincode: true,
});
const inCollection = (collection: string): ChaincodeCall => ({ ...call, collection });
const alpha = ['AlphaMSP'];
const beta = ['BetaMSP'];
const both = ['AlphaMSP', 'BetaMSP'];

function chosen(...calls: readonly ChaincodeCall[]): string[] | undefined {
  const policies = requirementsOf(ledger.channel, calls);
  return chooseEndorsers(peers, policies, new Set(alpha))?.map(({ mspId }) => mspId);
}

describe('the endorsers of a transaction', () => {
  it.each<[string, ChaincodeCall[], string[] | undefined]>([
    ['the chaincode', [call], both],
    ['a key alone', [ofKey("OR('AlphaMSP.peer')")], alpha],
    ['another key', [ofKey("OR('BetaMSP.peer')")], beta],
    ['either of two', [ofKey("OR('AlphaMSP.peer','BetaMSP.peer')")], alpha],
    ['two keys', [ofKey("OR('AlphaMSP.peer')"), ofKey("OR('BetaMSP.peer')")], both],
    ['a key and the chaincode', [{ ...ofKey("OR('AlphaMSP.peer')"), disregardsChaincode: false }], both],
    ['a collection without a policy', [inCollection('secrets')], both],
    ['an implicit collection', [inCollection('_implicit_org_BetaMSP')], beta],
    ['a key of somebody else', [ofKey("OR('GammaMSP.peer')")], undefined],
  ])('satisfy the policy of %s', (_case, calls, expected) => {
    expect(chosen(...calls)).toEqual(expected);
  });

  it('cannot be told for a chaincode that is not there', () => {
    expect(() => requirementsOf(ledger.channel, [{ ...call, chaincode: 'other' }])).toThrow(
      'no combination of peers can be derived which satisfy the endorsement policy: ' +
        'No metadata was found for chaincode other in channel one',
    );
  });

  it('are members of what is read, and of all that is written where transient data is sent along', () => {
    const eligible = (collection: string, readsPrivate: boolean, hasTransientData: boolean) => {
      const found = eligiblePeers(peers, ledger.channel, [{ ...call, collection, readsPrivate }], hasTransientData);
      return [found.eligible.map(({ mspId }) => mspId), found.protectedCollections];
    };
    const own = '_implicit_org_BetaMSP';
    expect(eligible(own, false, false)).toEqual([both, [own]]);
    expect(eligible(own, true, false)).toEqual([beta, []]);
    expect(eligible(own, false, true)).toEqual([beta, [own]]);
    expect(eligible('secrets', false, true)).toEqual([both, ['secrets']]);
  });
});

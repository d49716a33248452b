import { describe, expect, it } from 'vitest';
import { evaluatePolicy, type Signer } from '../policy/policy.ts';
import { channelGroups, policyAt } from './configuration.ts';

const everyone = ['A', 'B', 'C', 'Guest'].map((mspId) => ({ mspId }));
const three = { organisations: ['A', 'B', 'C'] };
const by = (role: Signer['role'], ...mspIds: string[]): Signer[] => mspIds.map((mspId) => ({ mspId, role }));

function satisfied(path: string, signers: Signer[], channel: Parameters<typeof channelGroups>[0] = three): boolean {
  const policy = policyAt(channelGroups(channel, everyone), path);
  if (!policy) throw new Error(`no policy ${path}`);
  return evaluatePolicy(policy, signers);
}

describe('the policies of a channel', () => {
  it('let clients and administrators write, and peers only read', () => {
    for (const role of ['client', 'admin'] as const)
      expect(satisfied('/Channel/Application/Writers', by(role, 'Guest'))).toBe(true);
    expect(satisfied('/Channel/Application/Writers', by('peer', 'A'))).toBe(false);
    expect(satisfied('/Channel/Application/Readers', by('peer', 'A'))).toBe(true);
    expect(satisfied('/Channel/Application/Writers', by('client', 'OrdererMSP'))).toBe(false);
    expect(satisfied('/Channel/Writers', by('orderer', 'OrdererMSP'))).toBe(true);
  });

  it('leave out who is neither client nor has a peer there', () => {
    const channel = { organisations: ['A'], clients: ['B'] };
    expect(satisfied('/Channel/Application/Writers', by('client', 'A'), channel)).toBe(true);
    expect(satisfied('/Channel/Application/Writers', by('client', 'B'), channel)).toBe(true);
    expect(satisfied('/Channel/Application/Writers', by('client', 'C'), channel)).toBe(false);
  });

  it('take any member where an MSP does not tell roles apart', () => {
    const groups = channelGroups({ organisations: ['A'] }, [{ mspId: 'A', nodeOus: false }]);
    const writers = policyAt(groups, '/Channel/Application/Writers');
    expect(writers && evaluatePolicy(writers, [{ mspId: 'A', role: undefined }])).toBe(true);
  });

  it('ask a majority of all members to endorse, those without peers counted', () => {
    expect(satisfied('/Channel/Application/Endorsement', by('peer', 'A', 'B'))).toBe(false);
    expect(satisfied('/Channel/Application/Endorsement', by('peer', 'A', 'B', 'C'))).toBe(true);
  });

  it('ask a majority of the peers where all of them would be too few', () => {
    const channel = { organisations: ['A', 'B'] };
    expect(satisfied('/Channel/Application/LifecycleEndorsement', by('peer', 'A'), channel)).toBe(false);
    expect(satisfied('/Channel/Application/LifecycleEndorsement', by('peer', 'A', 'B'), channel)).toBe(true);
  });

  it.each([
    ['ANY Endorsement', 1],
    ['MAJORITY Endorsement', 3],
    ['ALL Endorsement', 4],
  ])('know %s', (rule, count) => {
    const channel = { organisations: ['A', 'B', 'C', 'Guest'], policies: { Own: rule } };
    const path = '/Channel/Application/Own';
    const peers = by('peer', 'A', 'B', 'C', 'Guest');
    expect(satisfied(path, peers.slice(0, count), channel)).toBe(true);
    expect(satisfied(path, peers.slice(0, count - 1), channel)).toBe(false);
  });

  it('count a group that lacks the policy as one that nobody satisfies', () => {
    const channel = { ...three, policies: { None: 'ANY Missing', All: 'ALL Missing' } };
    expect(satisfied('/Channel/Application/None', by('peer', 'A', 'B', 'C', 'Guest'), channel)).toBe(false);
    expect(satisfied('/Channel/Application/All', by('peer', 'A', 'B', 'C', 'Guest'), channel)).toBe(false);
  });

  it('are found by their whole path only', () => {
    const groups = channelGroups(three, everyone);
    expect(policyAt(groups, '/Channel/Application/A/Endorsement')).toEqual({
      kind: 'outOf',
      n: 1,
      rules: [{ kind: 'principal', mspId: 'A', role: 'peer' }],
    });
    for (const path of ['/Channel/Application/Nothing', '/Channel/Nothing/Writers', 'Application/Writers', '/', ''])
      expect(policyAt(groups, path)).toBeUndefined();
  });
});

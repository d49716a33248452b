import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseChannel } from '#chaincode/model/channelMap.ts';
import { patientPseudonym } from '../../prescriptions/schema.ts';
import { testProfile } from '../../testing/fakeLedger.ts';
import type { LedgerProfile } from './profile.ts';
import { newPractitionerId, newPseudonymOn, topologyOf } from './topology.ts';

const served = { gateway: { address: 'a', tlsCaFile: 'b' }, service: { certFile: 'c', keyFile: 'd' } };
const profile: LedgerProfile = { ...testProfile, organisations: { PharmacyMSP: served } };
const topology = topologyOf(() => profile);

describe('which channel', () => {
  it('is part of a new pseudonym', () => {
    const seen = new Set<string>();
    for (let number = 0; number < 64; number += 1) {
      const pseudonym = newPseudonymOn(topology.careChannels());
      expect(patientPseudonym.safeParse(pseudonym).success).toBe(true);
      const channel = topology.careChannelOf(pseudonym);
      expect(chooseChannel(topology.careChannels(), pseudonym.split('-')[2] ?? '')).toBe(channel);
      seen.add(channel);
    }
    expect(seen).toEqual(new Set(['care-0', 'care-1']));
    expect(newPractitionerId()).toMatch(/^prac-[a-z2-7]{26}$/);
  });

  it('stays what a pseudonym says, however many channels are added', () => {
    const care = (count: number) => Array.from({ length: count }, (_, number) => `care-${number}`);
    const grown = (count: number) => ({
      ...profile,
      channels: care(count).map((name) => ({ name, kind: 'care' as const, contracts: [], organisations: [] })),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 12 }), (count, added) => {
        const pseudonym = newPseudonymOn(care(count));
        const before = topologyOf(() => grown(count)).careChannelOf(pseudonym);
        expect(topologyOf(() => grown(count + added)).careChannelOf(pseudonym)).toBe(before);
      }),
    );
  });

  it('is answered by the profile as it is at that moment', () => {
    const channels = [...profile.channels];
    const growing = topologyOf(() => ({ ...profile, channels }));
    expect(() => growing.careChannelOf(`pt-9-${'a'.repeat(26)}`)).toThrow('care-9');
    channels.push({ name: 'care-9', kind: 'care', contracts: ['care'], organisations: ['PharmacyMSP'] });
    expect(growing.careChannelOf(`pt-9-${'a'.repeat(26)}`)).toBe('care-9');
    expect(growing.careChannels()).toEqual(['care-0', 'care-1', 'care-9']);
    expect(growing.channels()).toContain('care-9');
  });
});

describe('whose gateway', () => {
  it('is the person’s own, or any served one for those without a peer and for reading', () => {
    const both = topologyOf(() => ({ ...profile, organisations: { HospitalMSP: served, PharmacyMSP: served } }));
    expect(both.servedBy('care-0', 'PharmacyMSP')).toBe('PharmacyMSP');
    expect(both.servedBy('care-0', 'PatientMSP')).toBe('HospitalMSP');
    expect(both.servedBy('care-0')).toBe('HospitalMSP');
    expect(topology.servedBy('care-0', 'PatientMSP')).toBe('PharmacyMSP');
  });

  it('is nobody else’s', () => {
    const refused = (act: () => unknown) => expect(act).toThrow(expect.objectContaining({ code: 'NOT_SERVED' }));
    refused(() => topology.servedBy('care-0', 'HospitalMSP'));
    refused(() => topology.servedBy('care-0', 'InsurerMSP'));
    refused(() => topologyOf(() => testProfile).servedBy('care-0'));
  });
});

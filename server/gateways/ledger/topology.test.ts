import { describe, expect, it } from 'vitest';
import { testProfile } from '../../testing/fakeLedger.ts';
import { patientPseudonym } from '../../transactions/schema.ts';
import { chooseChannel, newPractitionerId, topologyOf } from './topology.ts';

const topology = topologyOf({
  ...testProfile,
  organisations: {
    PharmacyMSP: { gateway: { address: 'a', tlsCaFile: 'b' }, service: { certFile: 'c', keyFile: 'd' } },
  },
});

describe('which channel', () => {
  it('does not change for a name, whatever the order of the channels', () => {
    const channels = ['care-0', 'care-1', 'care-2', 'care-3'];
    for (let number = 0; number < 100; number += 1) {
      const chosen = chooseChannel(channels, `name-${number}`);
      expect(chooseChannel([...channels].reverse(), `name-${number}`)).toBe(chosen);
    }
  });

  it('moves names to a new channel only', () => {
    const before = ['care-0', 'care-1', 'care-2'];
    let moved = 0;
    for (let number = 0; number < 2_000; number += 1) {
      const old = chooseChannel(before, `n${number}`);
      const next = chooseChannel([...before, 'care-3'], `n${number}`);
      if (next !== old) {
        expect(next).toBe('care-3');
        moved += 1;
      }
    }
    expect(moved / 2_000).toBeGreaterThan(0.2);
    expect(moved / 2_000).toBeLessThan(0.3);
  });

  it('is part of a new pseudonym', () => {
    const seen = new Set<string>();
    for (let number = 0; number < 64; number += 1) {
      const pseudonym = topology.newPseudonym();
      expect(patientPseudonym.safeParse(pseudonym).success).toBe(true);
      const channel = topology.careChannelOf(pseudonym);
      expect(chooseChannel(topology.careChannels(), pseudonym.split('-')[2] ?? '')).toBe(channel);
      seen.add(channel);
    }
    expect(seen).toEqual(new Set(['care-0', 'care-1']));
    expect(newPractitionerId()).toMatch(/^prac-[a-z2-7]{26}$/);
  });

  it('that is in no profile is an error', () => {
    expect(() => topology.careChannelOf(`pt-9-${'a'.repeat(26)}`)).toThrow('care-9');
  });

  it('is reached through the own organisation, or the first that is served', () => {
    expect(topology.servedBy('care-0', 'PharmacyMSP')).toBe('PharmacyMSP');
    expect(topology.servedBy('care-0', 'PatientMSP')).toBe('PharmacyMSP');
    expect(() => topologyOf(testProfile).servedBy('care-0')).toThrow('no organisation');
  });
});

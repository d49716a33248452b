import { describe, expect, it } from 'vitest';
import { channels, peerMspIds } from '#network/channels.ts';
import { keeps } from './keptChains.ts';

describe('keeps', () => {
  it('agrees with the channels that the network defines', () => {
    for (const channel of channels) {
      for (const mspId of peerMspIds) {
        expect([channel.name, mspId, keeps(mspId, channel.name)]).toEqual([
          channel.name,
          mspId,
          channel.organisations.some((organisation) => organisation === mspId),
        ]);
      }
    }
  });

  it('knows nothing of others', () => {
    expect(keeps('PatientMSP', 'care-0')).toBe(false);
    expect(keeps('HospitalMSP', 'other')).toBe(false);
  });
});

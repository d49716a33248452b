import { describe, expect, it } from 'vitest';
import { channels, contracts, contractsOf, mspIds, peerMspIds } from './channels.ts';

const namesIn = (policy: string) => [...policy.matchAll(/'([A-Za-z]+)\.(peer|member)'/g)].map((match) => match[1]);

describe('channels', () => {
  it('endorses every contract only by organisations that run a peer on each of its channels', () => {
    for (const channel of channels)
      for (const name of channel.contracts)
        for (const mspId of namesIn(contracts[name].endorsementPolicy)) {
          expect(channel.organisations).toContain(mspId);
          expect(peerMspIds).toContain(mspId);
        }
  });

  it('keeps secrets away from the regulator and insurers away from the care channels', () => {
    for (const { policy } of contracts.care.collections)
      expect(namesIn(policy)).toEqual(['HospitalMSP', 'PharmacyMSP', 'PatientMSP']);
    for (const { policy } of contracts.registry.collections) expect(namesIn(policy)).not.toContain('RegulatorMSP');
    for (const channel of channels.filter(({ kind }) => kind === 'care'))
      expect(channel.organisations).not.toContain('InsurerMSP');
  });

  it('says which contracts an organisation runs', () => {
    expect(contractsOf('HospitalMSP')).toEqual(['registry', 'care', 'supply']);
    expect(contractsOf('SupplyMSP')).toEqual(['registry', 'supply']);
    expect(contractsOf('InsurerMSP')).toEqual(['registry']);
    expect(mspIds.filter((mspId) => !peerMspIds.includes(mspId))).toEqual(['PatientMSP']);
  });
});

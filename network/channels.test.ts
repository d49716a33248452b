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

  it('keeps secrets that are not for the authority away from it, and insurers away from the care channels', () => {
    const forAuthority = ['reportSecrets', 'controlledRegister', 'authoritySecrets'];
    for (const contract of [contracts.care, contracts.registry, contracts.claims])
      for (const { name, policy } of contract.collections)
        expect(namesIn(policy).includes('RegulatorMSP'), name).toBe(forAuthority.includes(name));
    for (const name of ['prescriptionSecrets', 'recordSecrets'])
      expect(namesIn(contracts.care.collections.find((each) => each.name === name)?.policy ?? '')).toEqual([
        ...['HospitalMSP', 'PharmacyMSP', 'PatientMSP'],
      ]);
    for (const channel of channels.filter(({ kind }) => kind === 'care'))
      expect(channel.organisations).not.toContain('InsurerMSP');
  });

  it('says which contracts an organisation runs', () => {
    expect(contractsOf('HospitalMSP')).toEqual(['registry', 'care', 'supply', 'claims']);
    expect(contractsOf('SupplyMSP')).toEqual(['registry', 'supply']);
    expect(contractsOf('InsurerMSP')).toEqual(['registry', 'claims']);
    expect(mspIds.filter((mspId) => !peerMspIds.includes(mspId))).toEqual(['PatientMSP']);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSeed } from '#connector/profile.ts';
import { ledgerProfile } from '#server/gateways/ledger/profile.ts';
import { channels, peerMspIds, shard } from './channels.ts';
import { parseConfig } from './devnet/config.ts';
import { devnetOf } from './fabric/plan.ts';
import { createOrganisations } from './organisations/createOrganisations.ts';
import { assignPorts, connectorProfile, ledgerPlan, ledgerPortCount, portalProfile } from './profiles.ts';
import { ensureSecrets } from './secrets.ts';

const dir = mkdtempSync(join(tmpdir(), 'medloom-profiles-'));
const ports = assignPorts(Array.from({ length: ledgerPortCount }, (_, index) => 21_000 + index));
beforeAll(() => createOrganisations(dir));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('profiles', () => {
  it('gives every organisation ports of its own', () => {
    const all = [...ports.values()].flatMap(({ gateway, contracts }) => [gateway, ...Object.values(contracts)]);
    expect(new Set(all).size).toBe(ledgerPortCount);
    expect([...ports.keys()]).toEqual(peerMspIds);
    expect(() => assignPorts([1, 2])).toThrow('Too few ports');
  });

  it('configures a devnet that its own check accepts', async () => {
    const plan = await ledgerPlan({ stateDir: dir, organisationsDir: dir, ports, channels, batchTimeoutMs: 50 });
    const config = parseConfig(devnetOf(plan));
    const care = config.channels.find(({ name }) => name === 'care-2');
    expect(care?.organisations).toEqual(['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP']);
    expect(care?.clients).toContain('PatientMSP');
    expect(care?.chaincodes[0]?.addresses).toEqual(
      Object.fromEntries(
        ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'].map((mspId) => [
          mspId,
          `127.0.0.1:${ports.get(peerMspIds.find((id) => id === mspId) ?? 'HospitalMSP')?.contracts.care}`,
        ]),
      ),
    );
    expect(config.batchTimeoutMs).toBe(50);
  });

  it('tells the portal of gateways and service identities, and of no other key', () => {
    const gateways = new Map([...ports].map(([mspId, { gateway }]) => [mspId, `127.0.0.1:${gateway}`]));
    const profile = ledgerProfile.parse(portalProfile('fabric', dir, gateways, [...channels, shard('care', 4)]));
    expect(Object.keys(profile.organisations)).toEqual(peerMspIds);
    expect(profile.withoutPeers).toEqual(['PatientMSP']);
    const like = profile.channels.find(({ name }) => name === 'care-0');
    expect(profile.channels.at(-1)).toEqual({ ...like, name: 'care-4' });
    expect(JSON.stringify(profile)).not.toMatch(/registrar|notary|ca\.key/);
  });

  it('tells the connector of authorities and registrars of all, and of notaries on the care channels', async () => {
    const profile = connectorProfile('/ledger.json', dir, await ensureSecrets(join(dir, 'secrets')));
    expect(profile.organisations.PatientMSP?.registrar.keyFile).toBe(join(dir, 'PatientMSP', 'registrar.key'));
    const notaries = Object.entries(profile.organisations).filter(([, entry]) => 'notary' in entry);
    expect(notaries.map(([mspId]) => mspId)).toEqual(['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP']);
    const escrows = Object.values(profile.organisations).flatMap((entry) => ('escrow' in entry ? [entry.escrow] : []));
    expect(escrows.map((escrow) => readSeed(escrow?.seedFile ?? '').length)).toEqual([32, 32, 32]);
  });
});

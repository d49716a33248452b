import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { supportedScopes } from '#connector/fhir/capability.ts';
import { resourceTypes } from '#connector/fhir/server.ts';
import { readFhirProfile } from '#connector/fhir/settings.ts';
import { readClients } from '#connector/smart/clients.ts';
import { softwareSites } from './demonstration/software.ts';
import { prepareFhir } from './fhir.ts';
import { openState, type State } from './state.ts';

/** What a start writes for the interface, read by the interface's own readers. */

let folder: string;
let state: State;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'medloom-network-fhir-'));
  state = await openState(folder);
});
afterEach(() => {
  state.release();
  rmSync(folder, { recursive: true, force: true });
});

const device = (letter: string) => `dev-${letter.repeat(26)}`;
const devices = { hospital: device('a'), pharmacy: device('b'), 'second-pharmacy': device('c') };

it('serves a hospital and two pharmacies, each by its own device and with a folder of its own', async () => {
  const { profileFile } = await prepareFhir(state, devices);
  const { sites } = readFhirProfile(profileFile);
  expect(sites.map(({ name, mspId, device: of }) => [name, mspId, of])).toEqual([
    ['hospital', 'HospitalMSP', devices.hospital],
    ['pharmacy', 'PharmacyMSP', devices.pharmacy],
    ['second-pharmacy', 'PharmacyMSP', devices['second-pharmacy']],
  ]);
  expect(sites.map(({ name }) => name)).toEqual([...softwareSites]);
  expect(new Set(sites.map((site) => site.state)).size).toBe(sites.length);
});

it('registers the example client for all that is served, by its public key alone, which stays', async () => {
  const { profileFile, client } = await prepareFhir(state, devices);
  const [site] = readFhirProfile(profileFile).sites;
  const registered = readClients(site?.clients ?? '').get(client.clientId);
  expect(client.scope.split(' ').sort()).toEqual(supportedScopes(resourceTypes).sort());
  expect([...(registered?.scopes ?? [])].length).toBe(resourceTypes.length);
  const secret: unknown = JSON.parse(readFileSync(client.keyFile, 'utf8'));
  expect(readFileSync(site?.clients ?? '', 'utf8')).not.toContain(Reflect.get(Object(secret), 'd'));
  await prepareFhir(state, devices);
  expect(JSON.parse(readFileSync(client.keyFile, 'utf8'))).toEqual(secret);
});

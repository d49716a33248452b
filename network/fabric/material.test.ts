import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createOrganisation } from '../devnet/testing/organisations.ts';
import { foldersOf, writeMaterial } from './material.ts';
import type { FabricPlan } from './plan.ts';
import { fabricPlan } from './testing/plan.ts';

let stateDir = '';
let plan: FabricPlan;
beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'medloom-material-'));
  const organisations = [await createOrganisation('AlphaMSP', true), await createOrganisation('GuestMSP', false)];
  plan = await fabricPlan({ stateDir, organisations, channels: [] });
});
afterAll(() => rm(stateDir, { recursive: true, force: true }));

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

it('lays MSPs out as Fabric reads them, with keys for their owner only', async () => {
  await writeMaterial(plan);
  const folders = foldersOf(stateDir);
  expect(await filesOf(folders.msp('GuestMSP'))).toEqual(['cacerts/0.pem', 'config.yaml']);
  const own = ['cacerts/0.pem', 'config.yaml', 'keystore/key.pem', 'signcerts/cert.pem', 'tlscacerts/tlsca.pem'];
  expect(await filesOf(folders.admin('AlphaMSP'))).toEqual(own);
  expect(await filesOf(folders.node('orderer 3'))).toEqual([
    ...own.map((file) => `msp/${file}`),
    ...['tls/server.crt', 'tls/server.key'],
  ]);
  const key = join(folders.admin('AlphaMSP'), 'keystore', 'key.pem');
  expect((await stat(key)).mode & 0o777).toBe(0o600);
  expect(await readFile(join(folders.msp('AlphaMSP'), 'config.yaml'), 'utf8')).toContain(
    '  PeerOUIdentifier:\n    OrganizationalUnitIdentifier: peer\n',
  );
});

it('follows the plan, with intermediate CAs and revocation lists while it has them', async () => {
  const folder = foldersOf(stateDir).msp('AlphaMSP');
  const [alpha, ...others] = plan.organisations;
  if (!alpha) throw new Error('The plan has no organisation.');
  const more = { intermediateCertPems: ['between'], crlPems: ['revoked'], otherRootCertPems: ['root'], nodeOus: false };
  await writeMaterial({ ...plan, organisations: [{ ...alpha, ...more }, ...others] });
  expect(await filesOf(folder)).toEqual([
    ...['cacerts/0.pem', 'cacerts/1.pem', 'crls/0.pem', 'intermediatecerts/0.pem', 'tlscacerts/tlsca.pem'],
  ]);
  await writeMaterial(plan);
  expect(await filesOf(folder)).toEqual(['cacerts/0.pem', 'config.yaml', 'tlscacerts/tlsca.pem']);
});

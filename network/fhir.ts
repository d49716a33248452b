import { existsSync, readFileSync } from 'node:fs';
import { exportJWK, generateKeyPair } from 'jose';
import type { SoftwareSite } from './demonstration/software.ts';
import { softwareSites } from './demonstration/software.ts';
import { replaceFile } from './processes/replaceFile.ts';
import { writePrivateJson } from './runFile.ts';
import type { Secrets } from './secrets.ts';
import { type Host, keepFhir } from './services.ts';
import type { State } from './state.ts';

/** The connector's FHIR interface in a network that is started here, with one client that is registered at each institution. */

const mspOf: Record<SoftwareSite, string> = {
  hospital: 'HospitalMSP',
  pharmacy: 'PharmacyMSP',
  'second-pharmacy': 'PharmacyMSP',
};
const clientId = 'example-system';
const scope = 'system/MedicationRequest.crus system/Task.crus system/MedicationDispense.crus system/Medication.rs';

/** Where the example client finds what it needs (`connector/client/main.ts`). */
export const fhirFiles = (state: State) => ({
  /** Patient, people and packs of the demonstration. */
  example: state.path('fhir', 'example.json'),
  /** Its own private key, as a JWK. */
  key: state.path('fhir', 'client-key.json'),
});

/** Writes who is served and who may ask; the same at every start. Answers where, and the example client's settings. */
export async function prepareFhir(state: State, devices: Secrets['softwareDevices']) {
  const { key: keyFile, example: exampleFile } = fhirFiles(state);
  const jwk = await clientKey(keyFile);
  const { d: _, ...publicJwk } = jwk;
  const clientsFile = state.path('fhir', 'clients.json');
  const client = { id: clientId, name: 'Example system of the demonstration', scope, jwks: { keys: [publicJwk] } };
  writePrivateJson(clientsFile, { clients: [client] });
  const profileFile = state.path('fhir', 'profile.json');
  const sites = softwareSites.map((name) => ({
    ...{ name, mspId: mspOf[name], device: devices[name], clients: clientsFile },
    state: state.path('fhir', name),
  }));
  writePrivateJson(profileFile, { sites });
  return { profileFile, client: { clientId, scope, keyFile, exampleFile } };
}

/** Starts the interface. Answers the bases of its sites and the client's settings. */
export async function startFhir(
  host: Host,
  { secrets, connectorProfile, ipfs }: { secrets: Secrets; connectorProfile: string; ipfs: string },
): Promise<{ bases: Record<string, string>; clientId: string; scope: string; keyFile: string; exampleFile: string }> {
  const { profileFile, client } = await prepareFhir(host.state, secrets.softwareDevices);
  const url = await keepFhir(host, {
    CONNECTOR_PROFILE: connectorProfile,
    FHIR_PROFILE: profileFile,
    IPFS_API_URL: ipfs,
    ...(host.env.LOG_LEVEL && { LOG_LEVEL: host.env.LOG_LEVEL }),
  });
  const bases = Object.fromEntries(softwareSites.map((name) => [name, `${url}/${name}/fhir`]));
  return { bases, ...client };
}

/** The example client's key pair, made once. */
async function clientKey(file: string): Promise<Record<string, unknown>> {
  if (!existsSync(file)) {
    const { privateKey } = await generateKeyPair('ES384', { extractable: true });
    const jwk = { ...(await exportJWK(privateKey)), kid: 'example-1', alg: 'ES384' };
    await replaceFile(file, JSON.stringify(jwk), 0o600);
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

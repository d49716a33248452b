import { statSync } from 'node:fs';
import { deviceRecord, institutionRecord } from '#chaincode/model/records.ts';
import { StateFolder } from '#device/folder.ts';
import { readAuthority } from '../authority/issueCertificate.ts';
import type { Documents } from '../ipfs/documents.ts';
import { type GatewayConnection, openGateway } from '../ledger/connection.ts';
import { readIdentity } from '../ledger/identity.ts';
import { type ConnectorProfile, readSeed } from '../profile.ts';
import { SeenAssertions } from '../smart/assertions.ts';
import { readClients } from '../smart/clients.ts';
import { AccessTokens } from '../smart/tokens.ts';
import { registeredSystem } from '../systems/registeredSystem.ts';
import { systemKeyOf, systemReadingSeed } from '../systems/systemKey.ts';
import { createDelegates } from './delegates.ts';
import { KeptPrescriptions } from './kept.ts';
import { createLedgerView } from './ledgerView.ts';
import type { ServedSite } from './server.ts';
import type { FhirSite } from './settings.ts';

/** A site with what it opened, and when the certificate of its device ends. */
export interface OpenSite {
  site: ServedSite;
  certificatePem: string;
  gateway: GatewayConnection;
}

/**
 * Opens an institution's site: the device's keys come from the organisation's seed, and its certificate is issued now, on the word
 * of the organisation's own peer. The authority's key is let go then.
 */
export async function openSite(
  profile: ConnectorProfile,
  { name, mspId, device, clients, state }: FhirSite,
  { publicUrl, documents }: { publicUrl: string; documents: Documents },
): Promise<OpenSite> {
  const { [mspId]: organisation } = profile.organisations;
  const { [mspId]: host } = profile.ledger().organisations;
  if (!organisation?.ca || !organisation.registrar || !organisation.systems || !host) {
    throw new Error(`The profile lets no systems of ${mspId} sign.`);
  }
  const gateway = openGateway(host.gateway);
  const registrar = gateway.as(readIdentity(mspId, organisation.registrar));
  const authority = await readAuthority(mspId, organisation.ca);
  const seed = readSeed(organisation.systems.seedFile);
  const key = await systemKeyOf(seed, device);
  const certify = await registeredSystem(mspId, { authority, ledger: registrar }, device, key);
  const certificatePem = await certify();
  const ledger = gateway.as({ mspId, certificatePem, privateKey: key.privateKey });
  const ask = async (called: string, id: string): Promise<unknown> =>
    JSON.parse(await ledger.evaluate({ channel: 'registry', contract: 'registry', function: called, args: [id] }));
  const { institutionId } = deviceRecord.parse(await ask('readDevice', device));
  const institution = institutionRecord.parse(await ask('readInstitution', institutionId));
  const careChannels = () =>
    profile
      .ledger()
      .channels.filter((channel) => channel.kind === 'care' && channel.organisations.includes(mspId))
      .map((channel) => channel.name);
  const folder = await StateFolder.open(state);
  const site: ServedSite = {
    ...{ name, device, documents, institution: { id: institution.id, name: institution.name } },
    base: `${publicUrl}/${name}/fhir`,
    readingSeed: systemReadingSeed(seed, device),
    delegates: createDelegates(ledger, device),
    ledger: createLedgerView(ledger, careChannels),
    kept: await KeptPrescriptions.open(folder, seed, device),
    issuer: {
      tokenUrl: `${publicUrl}/${name}/token`,
      clients: registeredClients(clients),
      seen: await SeenAssertions.open(folder),
      tokens: new AccessTokens(),
    },
  };
  return { site, certificatePem, gateway };
}

/** The file is read at the start, so that a fault in it is told then, and again when it has changed. */
function registeredClients(file: string) {
  let known = { clients: readClients(file), at: modified(file) };
  return () => {
    const at = modified(file);
    if (at !== known.at) known = { clients: readClients(file), at };
    return known.clients;
  };
}

const modified = (file: string) => statSync(file).mtimeMs;

import { createHash } from 'node:crypto';
import { readProfile } from '#connector/profile.ts';
import { openConnector } from '#server/gateways/connector/connector.ts';
import { openDatabase } from '#server/gateways/db/database.ts';
import { keepCertificate } from '#server/people/certificates.ts';
import { insurerMsp } from './channels.ts';
import { institutions } from './demonstration/people.ts';
import { openRegistrars } from './registrars.ts';
import type { Secrets } from './secrets.ts';
import type { Host } from './services.ts';
import { keepAdjudicator } from './services.ts';

/** The insurer that decides by it. */
const keeper = institutions.find(({ kind }) => kind === 'insurer');

/** Whether the connector can sign for an adjudicator here: in a network of its own it may have other organisations. */
export function servesAdjudicator(connectorProfile: string): boolean {
  const { registrar, systems } = readProfile(connectorProfile).organisations[insurerMsp] ?? {};
  return registrar !== undefined && systems !== undefined;
}

/**
 * Registers the insurer's adjudicator where that was not done before, starts it, and has the portal know its certificate, so that members and
 * providers can seal for it. Answers the portal's settings for it.
 */
export async function startAdjudicator(
  host: Host,
  options: { secrets: Secrets; connectorProfile: string; settings: Record<string, string> },
): Promise<Record<string, string>> {
  const { secrets, connectorProfile, settings } = options;
  const { CONNECTOR_URL: url = '', CONNECTOR_TOKEN: token = '', DATABASE_URL: database = '' } = settings;
  if (keeper === undefined) throw new Error('The demonstration has no insurer.');
  const { adjudicatorDevice: id } = secrets;
  const registrars = openRegistrars(connectorProfile);
  try {
    await registrars.admit(keeper);
    const institution = { mspId: insurerMsp, institutionId: keeper.id };
    const keys = await openConnector({ url, token }).systemKeys({ ...institution, system: id });
    // What is software has no serial number but its own id.
    const serialHash = createHash('sha256').update(id).digest('hex');
    const model = 'Adjudicator of claims';
    await registrars.registerDevice({ id, model, purpose: 'adjudicator', ...institution, serialHash, keys });
  } finally {
    registrars.close();
  }
  const named = ['IPFS_API_URL', 'ETHEREUM_RPC_URL', 'PRESCRIPTION_TOKEN_ADDRESS', 'LOG_LEVEL'];
  const coin = ['SETTLEMENT_COIN_ADDRESS', 'SETTLEMENT_CURRENCY'];
  const payments = ['CARE_SETTLEMENT_ADDRESS', ...coin, 'SETTLEMENT_FROM_BLOCK', 'SETTLEMENT_CONFIRMATIONS'];
  const started = await keepAdjudicator(host, {
    CONNECTOR_PROFILE: connectorProfile,
    ADJUDICATOR_MSP: insurerMsp,
    ADJUDICATOR_DEVICE: id,
    ADJUDICATOR_TOKEN: secrets.adjudicatorToken,
    ADJUDICATOR_KEY_FILE: secrets.adjudicatorKeyFile,
    ...Object.fromEntries([...named, ...payments].map((name) => [name, settings[name] ?? ''])),
    ...(host.env.ADJUDICATOR_EVERY_MS && { ADJUDICATOR_EVERY_MS: host.env.ADJUDICATOR_EVERY_MS }),
  });
  const { db, close } = openDatabase(database);
  try {
    await keepCertificate(db, { subjectId: id, pem: started.certificatePem });
  } finally {
    await close();
  }
  const reached = { insurer: keeper.id, url: started.url, token: secrets.adjudicatorToken };
  return { ADJUDICATORS: JSON.stringify([reached]) };
}

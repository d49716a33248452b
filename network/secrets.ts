import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToHex, type Hex } from 'viem';
import { english, generateMnemonic, generatePrivateKey, mnemonicToAccount, privateKeyToAccount } from 'viem/accounts';
import { escrowMsps } from '#chaincode/model/patient.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { insurerMsp, type MspId, telemetryMsp } from './channels.ts';
import { replaceFile } from './processes/replaceFile.ts';
import { putBack, StepError } from './step.ts';

/** Organisations whose notaries attest the state of prescriptions: those with a peer on the care channels. */
export const notaryMspIds = ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP'] as const satisfies readonly MspId[];

/** Organisations whose partners' systems record what happens to medicines, the one whose gateway brings readings, and the one that decides claims. */
export const systemMsps = ['SupplyMSP', 'PharmacyMSP', telemetryMsp, insurerMsp] as const satisfies readonly MspId[];

/** Random values of one network, each in a file of its own that only its owner may read. */
export interface Secrets {
  /** BIP-39 words of the embedded Ethereum chain's funded accounts. */
  mnemonic: string;
  /** Deploys the contracts and pays the other accounts' gas. */
  deployerKey: Hex;
  /** Grants the prescriber role; the connector's. */
  registrarKey: Hex;
  registrarKeyFile: string;
  /** Sends attestations; the portal's, without any role. */
  submitterKey: Hex;
  /** Signs the insurer's quotes and pays from its account; its adjudicator's. */
  adjudicatorKey: Hex;
  adjudicatorKeyFile: string;
  /** Runs the insurer's account on Ethereum. */
  treasurerKey: Hex;
  notaries: { mspId: MspId; key: Hex; keyFile: string }[];
  /** Seeds of the keys with which organisations' connectors receive shares of records' keys. */
  escrows: { mspId: MspId; seedFile: string }[];
  /** Seeds of the keys with which partners' systems of an organisation sign. */
  systems: { mspId: MspId; seedFile: string }[];
  /** The telemetry gateway as a device on `registry`; no secret, and the same at every start. */
  telemetryDevice: string;
  /** The hospital's monitor, likewise. */
  monitorDevice: string;
  /** The insurer's adjudicator, likewise, and what it asks for of the portal. */
  adjudicatorDevice: string;
  adjudicatorToken: string;
  /** The systems of a hospital and two pharmacies that ask by FHIR, likewise. */
  softwareDevices: Record<'hospital' | 'pharmacy' | 'second-pharmacy', string>;
  sessionSecret: string;
  connectorToken: string;
  /** What the notaries' processes ask for of the connector. */
  notaryToken: string;
  /** Base64, 32 bytes. */
  personalDataKey: string;
}

const hexKey = /^0x[0-9a-f]{64}$/;

/** Reads the secrets under `dir`, and makes those that are not there yet. A damaged one is named and never replaced. */
export async function ensureSecrets(dir: string): Promise<Secrets> {
  const keep = async (name: string, make: () => string, shape: RegExp): Promise<string> => {
    const file = join(dir, name);
    if (!existsSync(file)) await replaceFile(file, `${make()}\n`, 0o600);
    const value = readFileSync(file, 'utf8').trim();
    if (shape.test(value)) return value;
    throw new StepError(`The secret ${file} is damaged.`, { advice: putBack });
  };
  const key = async (name: string): Promise<Hex> => {
    const value = await keep(name, generatePrivateKey, hexKey);
    return `0x${value.slice(2)}`;
  };
  const random = (bytes: number, encoding: 'base64' | 'base64url' | 'hex') => () =>
    randomBytes(bytes).toString(encoding);

  const mnemonic = await keep('ethereum-mnemonic', () => generateMnemonic(english), /^([a-z]+ ){11}[a-z]+$/);
  const notaries = [];
  for (const mspId of notaryMspIds) {
    const name = `ethereum-notary-${mspId}.key`;
    notaries.push({ mspId, key: await key(name), keyFile: join(dir, name) });
  }
  const seeds = async <Msp extends MspId>(use: string, organisations: readonly Msp[]) => {
    const made = [];
    for (const mspId of organisations) {
      const name = `${use}-${mspId}.seed`;
      await keep(name, random(32, 'hex'), /^[0-9a-f]{64}$/);
      made.push({ mspId, seedFile: join(dir, name) });
    }
    return made;
  };
  return {
    mnemonic,
    deployerKey: firstKeyOf(mnemonic),
    registrarKey: await key('ethereum-registrar.key'),
    registrarKeyFile: join(dir, 'ethereum-registrar.key'),
    submitterKey: await key('ethereum-submitter.key'),
    adjudicatorKey: await key('ethereum-adjudicator.key'),
    adjudicatorKeyFile: join(dir, 'ethereum-adjudicator.key'),
    treasurerKey: await key('ethereum-treasurer.key'),
    notaries,
    escrows: await seeds('escrow', escrowMsps),
    systems: await seeds('systems', systemMsps),
    telemetryDevice: await keep('telemetry-device', () => newIdentifier('dev'), /^dev-[a-z2-7]{26}$/),
    monitorDevice: await keep('monitor-device', () => newIdentifier('dev'), /^dev-[a-z2-7]{26}$/),
    adjudicatorDevice: await keep('adjudicator-device', () => newIdentifier('dev'), /^dev-[a-z2-7]{26}$/),
    adjudicatorToken: await keep('adjudicator-token', random(32, 'base64url'), /^[\w-]{43}$/),
    softwareDevices: {
      hospital: await keep('software-hospital', () => newIdentifier('dev'), /^dev-[a-z2-7]{26}$/),
      pharmacy: await keep('software-pharmacy', () => newIdentifier('dev'), /^dev-[a-z2-7]{26}$/),
      'second-pharmacy': await keep('software-second-pharmacy', () => newIdentifier('dev'), /^dev-[a-z2-7]{26}$/),
    },
    sessionSecret: await keep('session', random(48, 'base64url'), /^[\w-]{64}$/),
    connectorToken: await keep('connector-token', random(32, 'base64url'), /^[\w-]{43}$/),
    notaryToken: await keep('notary-token', random(32, 'base64url'), /^[\w-]{43}$/),
    personalDataKey: await keep('personal-data-key', random(32, 'base64'), /^[A-Za-z0-9+/]{43}=$/),
  };
}

export function addressOf(key: Hex): Hex {
  return privateKeyToAccount(key).address;
}

function firstKeyOf(mnemonic: string): Hex {
  const { privateKey } = mnemonicToAccount(mnemonic).getHdKey();
  if (!privateKey) throw new Error('The words give no key.');
  return bytesToHex(privateKey);
}

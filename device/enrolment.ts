import { z } from 'zod';
import { deviceId } from '#chaincode/model/identifiers.ts';
import { deviceAttestation } from '#chaincode/model/records.ts';
import { devicePurposes } from '#chaincode/model/registry.ts';
import { type Bytes, fromBase64Url, toBase64Url } from '#crypto/bytes.ts';
import { checkCertificate, requireRoots } from '#crypto/certificate.ts';
import { createCertificateRequest, requireOwnCertificate } from '#crypto/certificateRequest.ts';
import { generateSigningKey, importSigningKey, type SigningKey } from '#crypto/signingKey.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import type { StateFolder } from './folder.ts';

/** What is said of a device, and printed on it. */
export const deviceLabel = z.object({
  model: z.string().trim().min(2).max(100),
  serialNumber: z.string().trim().min(1).max(200),
  purpose: z.enum(devicePurposes).default('hub'),
  firmware: z.string().trim().min(1).max(64).default('1.0.0'),
  /** What its maker gives to vouch for it, where there is something: the kind of statement, and its hex SHA-256. */
  attestation: deviceAttestation.optional(),
});
export type DeviceLabel = z.infer<typeof deviceLabel>;

/** The file that the institution's admin gets: nothing in it is secret. */
export const deviceRequest = deviceLabel.extend({
  /** PEM of a SubjectPublicKeyInfo on P-256. */
  signingKey: z.string(),
  /** X-Wing public key, base64url. */
  readingKey: z.string(),
  /** PKCS#10, PEM; signed by the signing key. */
  csrPem: z.string(),
});
export type DeviceRequest = z.infer<typeof deviceRequest>;

const secrets = z.object({ signingKey: z.base64url(), readingSeed: z.base64url() });

/** The file that comes back: who the device is by now, whom it trusts, and where its gateway is. */
export const deviceSettings = z.object({
  device: deviceId,
  mspId: z.string(),
  certificatePem: z.string(),
  /** Authorities of the organisations, down to which members' certificates must go. */
  roots: z.array(z.object({ mspId: z.string(), pem: z.string() })).min(1),
  gateway: z.object({
    /** mqtts://…; absent where readings go by HTTPS. */
    mqtt: z.url({ protocol: /^mqtts$/ }).optional(),
    https: z.url({ protocol: /^https$/ }),
    /** Authority of the gateway's own certificate, PEM. */
    ca: z.string(),
  }),
});
export type DeviceSettings = z.infer<typeof deviceSettings>;

export interface DeviceKeys {
  signing: SigningKey;
  /** PKCS#8; secret. */
  pkcs8: Bytes;
  /** 32 bytes; secret. */
  readingSeed: Bytes;
}

const files = { secrets: 'keys.json', request: 'request.json', settings: 'settings.json' } as const;

/**
 * Makes a device's keys, which never leave its folder, and the file for the admin of its institution. Repeated, it answers the
 * same file.
 */
export async function enrolDevice(folder: StateFolder, given: z.input<typeof deviceLabel>): Promise<DeviceRequest> {
  const known = await folder.readJson(files.request, deviceRequest);
  if (known !== undefined) return known;
  const label = deviceLabel.parse(given);
  const { pkcs8, signing, readingSeed } = await ensureKeys(folder);
  const { publicKey: readingKey } = await createReadingKey(readingSeed);
  const spki = Buffer.from(await crypto.subtle.exportKey('spki', signing.publicKey)).toString('base64');
  const lines = spki.match(/.{1,64}/g) ?? [];
  const request = {
    ...label,
    signingKey: ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n'),
    readingKey,
    csrPem: await createCertificateRequest(await importSigningKey(pkcs8), label.serialNumber.slice(0, 64)),
  };
  await folder.writeJson(files.request, request);
  return request;
}

/** Takes the file that came back. Throws `CERTIFICATE_FOREIGN`, `CERTIFICATE_UNTRUSTED` where it is another device's. */
export async function acceptSettings(folder: StateFolder, given: unknown): Promise<DeviceSettings> {
  const settings = deviceSettings.parse(given);
  const { signing } = await readKeys(folder);
  requireOwnCertificate(settings.certificatePem, signing.hash);
  await requireRoots(settings.roots);
  const holder = await checkCertificate(settings.certificatePem, settings.roots);
  if (holder.subject !== settings.device || holder.mspId !== settings.mspId) {
    throw new Error(`The certificate is of ${holder.subject} of ${holder.mspId}.`);
  }
  await folder.writeJson(files.settings, settings);
  return settings;
}

/** Keys and settings of an enrolled device. Throws where there are none yet. */
export async function openEnrolled(folder: StateFolder): Promise<{
  keys: DeviceKeys;
  settings: DeviceSettings;
  label: DeviceLabel;
}> {
  const settings = await folder.readJson(files.settings, deviceSettings);
  const label = await folder.readJson(files.request, deviceRequest);
  if (settings === undefined || label === undefined) throw new Error(`${folder.path} holds no enrolled device.`);
  return { keys: await readKeys(folder), settings, label };
}

async function ensureKeys(folder: StateFolder): Promise<DeviceKeys> {
  if ((await folder.readJson(files.secrets, secrets)) === undefined) {
    const [pkcs8, { seed }] = await Promise.all([generateSigningKey(), createReadingKey()]);
    await folder.writeJson(files.secrets, { signingKey: toBase64Url(pkcs8), readingSeed: toBase64Url(seed) });
  }
  return readKeys(folder);
}

async function readKeys(folder: StateFolder): Promise<DeviceKeys> {
  const kept = await folder.readJson(files.secrets, secrets);
  if (kept === undefined) throw new Error(`${folder.path} holds no keys of a device.`);
  const pkcs8 = fromBase64Url(kept.signingKey);
  return { pkcs8, signing: await importSigningKey(pkcs8), readingSeed: fromBase64Url(kept.readingSeed) };
}

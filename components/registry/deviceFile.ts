import { z } from 'zod';
import { readingKey } from '#chaincode/model/identifiers.ts';
import { deviceAttestation } from '#chaincode/model/records.ts';
import { type Device, devicePurposes } from '#chaincode/model/registry.ts';
import { copyBytes, utf8 } from '#crypto/bytes.ts';
import { sha256Hex } from '#crypto/derive.ts';
import { publicKeyHash } from '#crypto/signingKey.ts';

/** What a device gives out to be registered: public keys only. */
const deviceFile = z.object({
  model: z.string().trim().min(2).max(100),
  serialNumber: z.string().trim().min(1).max(200),
  /** PEM of a SubjectPublicKeyInfo on P-256. */
  signingKey: z
    .string()
    .max(1000)
    .regex(/^-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/),
  readingKey,
  /** What it is for; an institution's own software where this is left out. */
  purpose: z.enum(devicePurposes).optional(),
  firmware: z.string().trim().min(1).max(64).optional(),
  /** What vouches for it: the kind of statement, and its hex SHA-256. */
  attestation: deviceAttestation.optional(),
});

/** A device as the registry names it; the serial number itself stays here. */
export interface DeviceDescription
  extends Pick<Device, 'model' | 'serialHash' | 'keys' | 'purpose' | 'firmware' | 'attestation'> {
  serialNumber: string;
}

/** Reads a device's file. Undefined for anything else, a key of another curve included. */
export async function readDeviceFile(text: string): Promise<DeviceDescription | undefined> {
  try {
    const file = deviceFile.parse(JSON.parse(text));
    const { model, serialNumber, signingKey, readingKey: reading, purpose, firmware, attestation } = file;
    const body = atob(signingKey.replaceAll(/-----[^-]+-----|\s/g, ''));
    const spki = copyBytes([...body].map((char) => char.charCodeAt(0)));
    const key = await crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, true, ['verify']);
    const keys = { signingKeyHash: await publicKeyHash(key), readingKey: reading };
    const use = {
      ...(purpose !== undefined && { purpose }),
      ...(firmware !== undefined && { firmware }),
      ...(attestation !== undefined && { attestation }),
    };
    return { model, serialNumber, serialHash: sha256Hex(utf8(serialNumber)), keys, ...use };
  } catch {
    // Whatever is wrong with it, it is no file that a device gave out.
    return undefined;
  }
}

const withRequest = z.object({ csrPem: z.string().max(4_096) });

/** The certificate request of a device that connects to the telemetry gateway, PEM; undefined of any other. */
export function requestIn(text: string): string | undefined {
  try {
    return withRequest.parse(JSON.parse(text)).csrPem;
  } catch {
    return undefined;
  }
}

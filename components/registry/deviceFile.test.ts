import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { deviceRegistration } from '#chaincode/model/records.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { readDeviceFile } from './deviceFile.ts';

const keyOf = (namedCurve: string) => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve });
  return {
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    hash: createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex'),
  };
};
const key = keyOf('P-256');
const file = { model: 'Pulse oximeter 3', serialNumber: 'SN-1', signingKey: key.pem, readingKey: 'A'.repeat(1622) };

async function readWhole(content: object) {
  const read = await readDeviceFile(JSON.stringify(content));
  if (read === undefined) throw new Error('is no file of a device');
  return read;
}

describe('a device’s file', () => {
  it('says what the registry takes, with the serial number as its hash only', async () => {
    const read = await readDeviceFile(JSON.stringify(file));
    expect(read?.keys.signingKeyHash).toBe(key.hash);
    expect(read?.serialHash).toBe(createHash('sha256').update('SN-1').digest('hex'));
    const { serialNumber: _, ...device } = read ?? { serialNumber: '' };
    const registration = { id: newIdentifier('dev'), institutionId: 'inst-north-hospital', ...device };
    expect(deviceRegistration.safeParse(registration).success).toBe(true);
  });

  it('says what the device is for', async () => {
    const read = await readDeviceFile(JSON.stringify({ ...file, purpose: 'hub', firmware: '1.2.0' }));
    expect(read).toMatchObject({ purpose: 'hub', firmware: '1.2.0' });
    expect(await readDeviceFile(JSON.stringify({ ...file, purpose: 'spy' }))).toBeUndefined();
  });

  it('says what vouches for the device, as the registry takes it', async () => {
    const attestation = { format: 'tpm', hash: 'a'.repeat(64) };
    const { serialNumber: _, ...read } = await readWhole({ ...file, attestation });
    expect(read.attestation).toEqual(attestation);
    const registration = { id: newIdentifier('dev'), institutionId: 'inst-north-hospital', ...read };
    expect(deviceRegistration.parse(registration).attestation).toEqual(attestation);
    expect(await readDeviceFile(JSON.stringify(file))).not.toHaveProperty('attestation');
    for (const wrong of [{ format: 'tpm' }, { ...attestation, hash: 'A' }, { ...attestation, statement: 'x' }, 'tpm'])
      expect(await readDeviceFile(JSON.stringify({ ...file, attestation: wrong }))).toBeUndefined();
  });

  it.each<[string, string]>([
    ['no JSON', 'model: x'],
    ['another curve', JSON.stringify({ ...file, signingKey: keyOf('P-384').pem })],
    [
      'a key that is none',
      JSON.stringify({ ...file, signingKey: '-----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY-----' }),
    ],
    [
      'a private key',
      JSON.stringify({ ...file, signingKey: '-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----' }),
    ],
    ['a short reading key', JSON.stringify({ ...file, readingKey: 'A' })],
    ['no serial number', JSON.stringify({ ...file, serialNumber: ' ' })],
  ])('is not %s', async (_name, text) => {
    expect(await readDeviceFile(text)).toBeUndefined();
  });
});

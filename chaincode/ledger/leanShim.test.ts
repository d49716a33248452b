import './leanShim.ts';
import { createRequire } from 'node:module';
import { afterEach, expect, it, vi } from 'vitest';
import { createIdentity } from '../testing/identity.ts';

interface ClientIdentity {
  getID(): string;
  getAttributeValue(name: string): string | null;
}

const require = createRequire(import.meta.url);
const shim: {
  newLogger(name: string): { level: string; debug(text: string): void; error(text: string): void };
  ClientIdentity: new (stub: object) => ClientIdentity;
} = require('fabric-shim');

afterEach(() => {
  vi.restoreAllMocks();
});

it('formats only what is written, by the level of the moment', () => {
  const logger = shim.newLogger('lean');
  const formatted = vi.spyOn(Date.prototype, 'toISOString'); // the first thing that a line is given is its time
  logger.level = 'error';
  logger.debug('not written');
  expect(formatted).not.toHaveBeenCalled();
  logger.error('written');
  expect(formatted).toHaveBeenCalledTimes(1);
  logger.level = 'debug';
  logger.debug('written now');
  expect(formatted).toHaveBeenCalledTimes(2);
});

it('tells callers apart by their own certificates, each of which is read once', async () => {
  const [doctor, nurse] = await Promise.all(['doctor', 'nurse'].map((role) => createIdentity('AlphaMSP', { role })));
  const { Certificate } = require('@fidm/x509');
  const parsed = vi.spyOn(Certificate, 'fromPEMs');
  const identityOf = (certificatePem = '') =>
    new shim.ClientIdentity({
      getChannelID: () => 'one',
      getTxID: () => '1',
      getCreator: () => ({ mspid: 'AlphaMSP', idBytes: Buffer.from(certificatePem) }),
    });
  for (const [who, role] of [
    [doctor, 'doctor'],
    [nurse, 'nurse'],
    [doctor, 'doctor'],
  ] as const) {
    const identity = identityOf(who?.certificatePem);
    expect(identity.getAttributeValue('role')).toBe(role);
    expect(identity.getID()).toContain('/CN=somebody');
  }
  expect(parsed).toHaveBeenCalledTimes(2);
  expect(() => identityOf('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toThrow();
  expect(() => identityOf('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toThrow();
});

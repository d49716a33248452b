import { msp } from '@hyperledger/fabric-protos';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createOrganisation, enrol, type TestOrganisation } from '../testing/organisations.ts';
import { Membership } from './membership.ts';

let organisation: TestOrganisation;
let membership: Membership;

function serialise(mspId: string, certPem: string): Uint8Array {
  const identity = new msp.SerializedIdentity();
  identity.setMspid(mspId);
  identity.setIdBytes(Buffer.from(certPem));
  return identity.serializeBinary();
}

beforeAll(async () => {
  organisation = await createOrganisation('AlphaMSP', false);
  membership = new Membership([{ mspId: 'AlphaMSP', rootCertPem: organisation.ca.certPem }]);
});

afterEach(() => {
  vi.useRealTimers();
});

describe('Membership', () => {
  it('knows the role of a certificate from its OU', async () => {
    for (const role of ['client', 'peer', 'admin', 'orderer'] as const) {
      const { certPem } = await enrol(organisation, role);
      expect(membership.identity(serialise('AlphaMSP', certPem))).toMatchObject({ mspId: 'AlphaMSP', role });
    }
  });

  it('tells when a certificate has expired, and whose it is all the same', async () => {
    const bytes = serialise('AlphaMSP', (await enrol(organisation)).certPem);
    const unseen = serialise('BetaMSP', (await enrol(organisation)).certPem);
    expect(membership.mspOf(bytes)).toBe('AlphaMSP');
    expect([membership.hasExpired(bytes), membership.hasExpired(unseen)]).toEqual([false, false]);
    vi.useFakeTimers({ now: Date.now() + 400 * 24 * 3600 * 1000 });
    expect([membership.hasExpired(bytes), membership.hasExpired(unseen)]).toEqual([true, true]);
    expect(membership.identity(bytes)).toMatchObject({ mspId: 'AlphaMSP', role: 'client' });
    expect(membership.hasExpired(Buffer.from('garbage'))).toBe(false);
  });

  it('does not sign with a certificate that has expired', async () => {
    const { certPem, keyPem } = await enrol(organisation);
    vi.useFakeTimers({ now: Date.now() + 400 * 24 * 3600 * 1000 });
    expect(() => membership.signingIdentity('AlphaMSP', certPem, keyPem)).toThrow('has expired');
  });

  it('refuses an unknown MSP, a foreign CA of the same name, a CA certificate and bytes that are none', async () => {
    const namesake = await createOrganisation('AlphaMSP', false);
    const { certPem } = await enrol(namesake);
    const ca = serialise('AlphaMSP', organisation.ca.certPem);
    expect(() => membership.identity(serialise('BetaMSP', certPem))).toThrow('MSP BetaMSP is unknown');
    expect(() => membership.identity(serialise('AlphaMSP', certPem))).toThrow('was not issued by a CA of AlphaMSP');
    expect(() => membership.identity(ca)).toThrow('CA certificate');
    expect(() => membership.identity(serialise('AlphaMSP', 'no certificate'))).toThrow('cannot be read');
    expect(() => membership.identity(Buffer.from('garbage'))).toThrow();
    expect(membership.mspOf(serialise('AlphaMSP', certPem))).toBeUndefined();
    expect(membership.mspOf(ca)).toBe('AlphaMSP');
  });

  it('verifies signatures of the identity over exactly the message', async () => {
    const { certPem, keyPem } = await enrol(organisation);
    const own = membership.signingIdentity('AlphaMSP', certPem, keyPem);
    const signature = own.sign(Buffer.from('message'));
    const other = membership.identity(serialise('AlphaMSP', (await enrol(organisation)).certPem));
    expect(membership.verify(own, Buffer.from('message'), signature)).toBe(true);
    expect(membership.verify(own, Buffer.from('messagf'), signature)).toBe(false);
    expect(membership.verify(other, Buffer.from('message'), signature)).toBe(false);
  });

  it('remembers a signature for its own message only, wherever the bytes are split', async () => {
    const { certPem, keyPem } = await enrol(organisation);
    const own = membership.signingIdentity('AlphaMSP', certPem, keyPem);
    const message = Buffer.from('a message');
    const signature = own.sign(message);
    expect(membership.verify(own, message, signature)).toBe(true);
    const longer = Buffer.concat([signature, message.subarray(0, 1)]);
    expect(membership.verify(own, message.subarray(1), longer)).toBe(false);
    const shorter = signature.subarray(0, -1);
    expect(membership.verify(own, Buffer.concat([signature.subarray(-1), message]), shorter)).toBe(false);
  });

  it("does not sign with a key that is not the certificate's", async () => {
    const [first, second] = [await enrol(organisation), await enrol(organisation)];
    expect(() => membership.signingIdentity('AlphaMSP', first.certPem, second.keyPem)).toThrow('does not belong');
  });
});

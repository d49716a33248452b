import { beforeAll, describe, expect, it } from 'vitest';
import { escrowStatement, institutionStatement } from '#chaincode/model/statements.ts';
import { type ClaimedReader, checkReader, readingKeyHash } from './reader.ts';
import { signStatement } from './statement.ts';
import { createTestAuthority, type Issued, type TestAuthority } from './testAuthority.ts';
import { createReadingKey } from './wrap.ts';

const untrusted = expect.objectContaining({ code: 'KEY_UNTRUSTED' });
const id = 'prac-x';
const institution = 'inst-kestrel-1';
let authority: TestAuthority;
let key: string;
let other: string;

beforeAll(async () => {
  authority = await createTestAuthority('HospitalMSP');
  key = (await createReadingKey()).publicKey;
  other = (await createReadingKey()).publicKey;
});

describe('a person', () => {
  const claim = (certificatePem: string, readingKey = key): ClaimedReader => ({
    kind: 'person',
    id,
    readingKey,
    certificatePem,
  });

  it('is a reader by the key that the certificate names, and by no other', async () => {
    const { pem } = await authority.issue({ subject: id, role: 'doctor', reading: readingKeyHash(key) });
    expect(await checkReader(claim(pem), [authority])).toEqual({ id, readingKey: key });
    await expect(checkReader(claim(pem, other), [authority])).rejects.toThrow(untrusted);
    await expect(checkReader(claim(pem), [])).rejects.toThrow(
      expect.objectContaining({ code: 'CERTIFICATE_UNTRUSTED' }),
    );
  });

  it('is none by another’s certificate, or by one that names no key', async () => {
    const theirs = await authority.issue({ subject: 'prac-y', reading: readingKeyHash(key) });
    await expect(checkReader(claim(theirs.pem), [authority])).rejects.toThrow(untrusted);
    const without = await authority.issue({ subject: id });
    await expect(checkReader(claim(without.pem), [authority])).rejects.toThrow(untrusted);
  });
});

describe('an institution', () => {
  const admin = { subject: 'prac-admin', role: 'admin', institution };
  const claim = async ({ pem, key: signing }: Issued, by = admin.subject): Promise<ClaimedReader> => {
    const reading = { generation: 1, readingKey: key, by };
    const signature = await signStatement(signing.privateKey, institutionStatement(institution, reading));
    return { kind: 'institution', id: institution, reading: { ...reading, signature }, certificatePem: pem };
  };

  it('is a reader by the word of its own admin', async () => {
    const checked = await checkReader(await claim(await authority.issue(admin)), [authority]);
    expect(checked).toEqual({ id: institution, readingKey: key });
  });

  it.each([
    ['no admin', { ...admin, role: 'doctor' }],
    ['another’s admin', { ...admin, institution: 'inst-other-01' }],
    ['another person', { ...admin, subject: 'prac-other' }],
  ])('is none by the word of %s', async (_, attributes) => {
    await expect(checkReader(await claim(await authority.issue(attributes)), [authority])).rejects.toThrow(untrusted);
  });

  it('is none with another key than was signed', async () => {
    const said = await claim(await authority.issue(admin));
    if (said.kind !== 'institution') throw new TypeError(said.kind);
    const changed = { ...said, reading: { ...said.reading, readingKey: other } };
    await expect(checkReader(changed, [authority])).rejects.toThrow(
      expect.objectContaining({ code: 'SIGNATURE_FOREIGN' }),
    );
  });
});

describe('an organisation’s escrow', () => {
  const claim = async (attributes: Record<string, string>, mspId = 'HospitalMSP'): Promise<ClaimedReader> => {
    const { pem, key: signing } = await authority.issue(attributes);
    const said = { mspId, readingKey: key, version: 1 };
    const signature = await signStatement(signing.privateKey, escrowStatement(said));
    return { kind: 'escrow', key: { ...said, certificatePem: pem, signature } };
  };

  it('receives shares by the word of its registrar alone', async () => {
    expect(await checkReader(await claim({ role: 'registrar' }), [authority])).toEqual({
      id: 'HospitalMSP',
      readingKey: key,
    });
    await expect(checkReader(await claim({ role: 'service' }), [authority])).rejects.toThrow(untrusted);
    await expect(checkReader(await claim({ role: 'registrar' }, 'PharmacyMSP'), [authority])).rejects.toThrow(
      untrusted,
    );
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from './bytes.ts';
import { checkCertificate, requireRoots } from './certificate.ts';
import { publicKeyHash } from './signingKey.ts';
import { isSigned, requireSigned, signStatement } from './statement.ts';
import { createTestAuthority, type TestAuthority } from './testAuthority.ts';

const attributes = { subject: 'prac-x', role: 'doctor', reading: 'ab', institution: 'inst-kestrel-1' };
const untrusted = (detail: string) => expect.objectContaining({ code: 'CERTIFICATE_UNTRUSTED', detail });
let hospital: TestAuthority;
let pharmacy: TestAuthority;
beforeAll(async () => {
  [hospital, pharmacy] = await Promise.all([createTestAuthority('HospitalMSP'), createTestAuthority('PharmacyMSP')]);
});

describe('a certificate', () => {
  it('says who its holder is, once its chain ends in a pinned root', async () => {
    const { pem, key } = await hospital.issue(attributes);
    const holder = await checkCertificate(pem, [pharmacy, hospital]);
    expect(holder).toMatchObject({ ...attributes, mspId: 'HospitalMSP', keyHash: key.hash });
    expect(await publicKeyHash(holder.publicKey)).toBe(key.hash);
  });

  it('is known by its common name where it has no attributes', async () => {
    const { pem } = await hospital.issue(null, { commonName: 'pt-0-x' });
    expect(await checkCertificate(pem, [hospital])).toMatchObject({ subject: 'pt-0-x' });
  });

  it('is refused without a chain to a pinned root', async () => {
    const { pem } = await hospital.issue(attributes);
    await expect(checkCertificate(pem, [pharmacy])).rejects.toThrow(untrusted('no chain to a pinned root'));
    await expect(checkCertificate(pem, [])).rejects.toThrow(untrusted('no chain to a pinned root'));
    await expect(checkCertificate('PEM', [hospital])).rejects.toThrow(untrusted('no certificate'));
    await expect(checkCertificate(hospital.pem, [hospital])).rejects.toThrow(
      untrusted('an authority’s own certificate'),
    );
  });

  it('is refused from an authority of the same name with another key', async () => {
    const impostor = await createTestAuthority('HospitalMSP');
    const { pem } = await impostor.issue(attributes);
    await expect(checkCertificate(pem, [hospital])).rejects.toThrow(untrusted('no chain to a pinned root'));
  });

  it('comes through an intermediate that may issue, and through no other', async () => {
    const [may, mayNot] = await Promise.all([hospital.intermediate(true), hospital.intermediate(false)]);
    const [under, misused] = await Promise.all([may.issue(attributes), mayNot.issue(attributes)]);
    expect(await checkCertificate(`${under.pem}\n${may.pem}`, [hospital])).toMatchObject({ mspId: 'HospitalMSP' });
    await expect(checkCertificate(under.pem, [hospital])).rejects.toThrow(untrusted('no chain to a pinned root'));
    await expect(checkCertificate(`${misused.pem}\n${mayNot.pem}`, [hospital])).rejects.toThrow(
      untrusted('no chain to a pinned root'),
    );
  });

  it('must have been valid at the instant that is asked about, and only then', async () => {
    const { pem } = await hospital.issue(attributes, {
      notBefore: new Date('2020-01-01'),
      notAfter: new Date('2021-01-01'),
    });
    const at = (instant: string) => checkCertificate(pem, [hospital], new Date(instant));
    await expect(at('2020-06-01')).resolves.toMatchObject({ subject: 'prac-x' });
    await expect(at('2021-06-01')).rejects.toThrow(untrusted('not valid at the time'));
    await expect(at('2019-06-01')).rejects.toThrow(untrusted('not valid at the time'));
    await expect(checkCertificate(pem, [hospital])).resolves.toMatchObject({ subject: 'prac-x' });
  });
});

it('takes only self-signed authorities as roots', async () => {
  await expect(requireRoots([hospital, pharmacy])).resolves.toBeUndefined();
  const { pem } = await hospital.issue(attributes);
  const under = await hospital.intermediate(true);
  for (const bad of [pem, under.pem, 'PEM', `${hospital.pem}\n${pharmacy.pem}`]) {
    await expect(requireRoots([{ mspId: 'HospitalMSP', pem: bad }])).rejects.toThrow(
      untrusted('the root of HospitalMSP'),
    );
  }
});

describe('a statement', () => {
  it('is its signer’s, to the byte', async () => {
    const [one, other] = await Promise.all([hospital.issue(attributes), hospital.issue(attributes)]);
    const signature = await signStatement(one.key.privateKey, utf8('said'));
    expect(await isSigned(one.key.publicKey, utf8('said'), signature)).toBe(true);
    expect(await isSigned(one.key.publicKey, utf8('saie'), signature)).toBe(false);
    expect(await isSigned(other.key.publicKey, utf8('said'), signature)).toBe(false);
    for (const broken of ['', 'AAAA', `${signature}A`, signature.slice(0, -2), '!']) {
      expect(await isSigned(one.key.publicKey, utf8('said'), broken), broken).toBe(false);
    }
  });

  it('is accepted from any key of its author', async () => {
    const [old, present] = await Promise.all([hospital.issue(attributes), hospital.issue(attributes)]);
    const signature = await signStatement(old.key.privateKey, utf8('said'));
    const keys = [present.key.publicKey, old.key.publicKey];
    await expect(requireSigned(keys, utf8('said'), signature, 'doc-0-x')).resolves.toBeUndefined();
    await expect(requireSigned(keys.slice(0, 1), utf8('said'), signature, 'doc-0-x')).rejects.toThrow(
      expect.objectContaining({ code: 'SIGNATURE_FOREIGN', detail: 'doc-0-x' }),
    );
  });
});

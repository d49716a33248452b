import 'reflect-metadata';
import { X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Authority } from '#network/organisations/certificates.ts';
import { type CertificateRequest, createAuthority, inDays, issueTo, revocationList } from '../testing/authorities.ts';
import type { Credential } from '../testing/organisations.ts';
import { Certificate } from './certificate.ts';
import { IdentityError, Msp, type MspConfig, MspError } from './msp.ts';
import { decodeSignature, encodeSignature } from './signature.ts';

const mspId = 'AlphaMSP';
let root: Authority;
let other: Authority;
let intermediate: Authority;
let client: Credential;

beforeAll(async () => {
  root = await createAuthority({ commonName: 'root' });
  other = await createAuthority({ commonName: 'other root' });
  intermediate = await createAuthority({ commonName: 'intermediate' }, root);
  client = await issueTo(mspId, root, { commonName: 'client', units: ['client'] });
});

const msp = (config: Partial<MspConfig> = {}) => new Msp({ mspId, rootCertPem: root.certPem, ...config });
const issued = (issuer: Authority, request: Partial<CertificateRequest> = {}) =>
  issueTo(mspId, issuer, { commonName: 'someone', units: ['client'], ...request });

/** What an MSP makes of a certificate: its role, or how and why it is refused. */
function judged(own: Msp, { certPem }: { certPem: string }): string | undefined {
  try {
    return own.validate(own.read(Buffer.from(certPem))).role;
  } catch (error) {
    if (error instanceof IdentityError) return `${error.kind}: ${error.message}`;
    throw error;
  }
}

describe('Msp', () => {
  it('takes what any of its roots has issued, and nothing else', async () => {
    const own = msp({ otherRootCertPems: [other.certPem] });
    expect(judged(own, client)).toBe('client');
    expect(judged(own, await issued(other))).toBe('client');
    const stranger = await createAuthority({ commonName: 'root' });
    expect(judged(own, await issued(stranger))).toMatch(/^malformed: .* not issued by a CA of AlphaMSP/);
  });

  it('follows chains of intermediates, and lets only the last CA of a chain issue', async () => {
    const lower = await createAuthority({ commonName: 'lower' }, intermediate);
    const own = msp({ intermediateCertPems: [lower.certPem, intermediate.certPem] });
    expect(judged(own, await issued(lower))).toBe('client');
    for (const issuer of [root, intermediate])
      expect(judged(own, await issued(issuer))).toBe(
        'invalid: the certificate was issued by a CA that has CAs below it',
      );
    expect(judged(msp(), await issued(intermediate))).toMatch(/^malformed/);
    expect(() => msp({ intermediateCertPems: [lower.certPem] })).toThrow(MspError);
  });

  it('counts the CAs that may stand below another', async () => {
    for (const [pathLength, members] of [
      [0, 'malformed: the certificate was not issued by a CA of AlphaMSP'],
      [1, 'client'],
    ] as const) {
      const top = await createAuthority({ commonName: 'top', pathLength });
      const middle = await createAuthority({ commonName: 'middle' }, top);
      const config = { rootCertPem: top.certPem, intermediateCertPems: [middle.certPem] };
      expect(judged(msp(config), await issued(middle))).toBe(members);
    }
  });

  it('refuses two chains to a root', async () => {
    const crossed = await createAuthority({ commonName: 'crossed' }, root);
    const again = await recertify(crossed, other);
    const own = () =>
      msp({ otherRootCertPems: [other.certPem], intermediateCertPems: [crossed.certPem, again.certPem] });
    const leaf = await issued(crossed);
    expect(judged(own(), leaf)).toBe('malformed: the certificate has more than one chain to a root');
  });

  it('refuses what is revoked by the CA that issued it, and only that', async () => {
    const [revoked, good] = [await issued(root), await issued(root)];
    const own = msp({ crlPems: [await revocationList(root, [revoked])] });
    expect(judged(own, revoked)).toBe('invalid: the certificate has been revoked');
    expect(judged(own, good)).toBe('client');
    const byOther = await revocationList(other, [revoked]);
    expect(judged(msp({ otherRootCertPems: [other.certPem], crlPems: [byOther] }), revoked)).toBe('client');
  });

  it('does not believe a revocation list that its CA has not signed', async () => {
    const revoked = await issued(root);
    const genuine = await revocationList(root, [revoked]);
    const bytes = Buffer.from(genuine.replace(/-----[^-]*-----/g, ''), 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    const forged = x509.PemConverter.encode(new Uint8Array(bytes), 'X509 CRL');
    expect(judged(msp({ crlPems: [genuine] }), revoked)).toMatch('revoked');
    expect(judged(msp({ crlPems: [forged] }), revoked)).toBe('client');
  });

  it('does not start with a revoked intermediate', async () => {
    const crlPems = [await revocationList(root, [intermediate])];
    expect(() => msp({ intermediateCertPems: [intermediate.certPem], crlPems })).toThrow('has been revoked');
  });

  it('looks at the time when a certificate began, and never at today', async () => {
    const past = await createAuthority({ commonName: 'past', notBefore: inDays(-100), notAfter: inDays(-50) });
    const own = msp({ rootCertPem: past.certPem });
    expect(judged(own, await issued(past, { notBefore: inDays(-90), notAfter: inDays(-80) }))).toBe('client');
    expect(judged(own, await issued(past, { notBefore: inDays(-40) }))).toMatch(/^malformed/);
    expect(judged(msp(), await issued(root, { notBefore: inDays(10) }))).toBe('client');
    expect(judged(msp(), await issued(root, { notBefore: inDays(-10) }))).toMatch(/^malformed/);
  });

  it('asks for exactly one role, however the subject is put together', async () => {
    const own = msp();
    const oneRole = 'invalid: the certificate must name exactly one of client, peer, admin, orderer as its OU';
    for (const role of ['client', 'peer', 'admin', 'orderer'])
      expect(judged(own, await issued(root, { units: ['department', role] }))).toBe(role);
    expect(judged(own, await issued(root, { units: [] }))).toBe(oneRole);
    expect(judged(own, await issued(root, { units: ['client', 'peer'] }))).toBe(oneRole);
    expect(judged(own, await issued(root, { units: ['client', 'client'] }))).toBe(oneRole);
    expect(judged(own, await issued(root, { units: ['Client'] }))).toBe(oneRole);
  });

  it('tells no roles apart without NodeOUs, and then needs listed administrators', async () => {
    expect(() => msp({ nodeOus: false })).toThrow('administrators must be declared');
    const own = msp({ nodeOus: false, adminCertPems: [client.certPem] });
    const someone = own.read(Buffer.from((await issued(root, { units: [] })).certPem));
    expect(own.validate(someone)).toEqual({ role: undefined });
    expect(own.validate(own.read(Buffer.from(client.certPem)))).toEqual({ role: undefined, listedAdmin: true });
  });

  it('takes a listed administrator for one, besides the role of its unit', () => {
    const own = msp({ adminCertPems: [client.certPem] });
    expect(own.validate(own.read(Buffer.from(client.certPem)))).toEqual({ role: 'client', listedAdmin: true });
  });

  it('does not list a peer or a stranger as an administrator', async () => {
    const peer = await issued(root, { units: ['peer'] });
    expect(() => msp({ adminCertPems: [peer.certPem] })).toThrow("is a peer's");
    expect(() => msp({ adminCertPems: [other.certPem] })).toThrow(MspError);
  });

  it('takes no CA for a member: its own is known and not good, that of another too', () => {
    for (const authority of [root, other])
      expect(judged(msp(), authority)).toBe('invalid: a CA certificate is not an identity');
    const own = msp({ intermediateCertPems: [intermediate.certPem] });
    expect(judged(own, intermediate)).toBe('invalid: a CA certificate is not an identity');
  });

  it('takes no certificate of another use, or with what it does not understand', async () => {
    const clientOnly = new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]);
    const strange = new x509.Extension('1.2.3.4', true, new Uint8Array([5, 0]));
    for (const extension of [clientOnly, strange])
      expect(judged(msp(), await issued(root, { extensions: [extension] }))).toMatch(/^malformed/);
    const server = new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]);
    expect(judged(msp(), await issued(root, { extensions: [server] }))).toBe('client');
  });

  it('does not read what is no PEM', () => {
    const der = new X509Certificate(client.certPem).raw;
    expect(() => msp().read(der)).toThrow('cannot be read');
    expect(() => msp().read(Buffer.from(client.certPem.slice(0, 300)))).toThrow('cannot be read');
    expect(() => msp({ rootCertPem: client.certPem })).toThrow('not a CA certificate');
    expect(() => msp({ crlPems: [client.certPem] })).toThrow('a revocation list cannot be read');
  });

  it('reads a revocation list only by the name that Fabric has for it', async () => {
    const list = await revocationList(root, []);
    expect(() => msp({ crlPems: [list] })).not.toThrow();
    expect(() => msp({ crlPems: [list.replaceAll('X509 CRL', 'CRL')] })).toThrow('a revocation list cannot be read');
  });

  it('takes the same certificate for the same, however it is written and with which of two equal signatures', () => {
    const spaced = `Some text before.\n${client.certPem.replaceAll('\n', '\r\n')}\nand after`;
    const own = new Certificate(Buffer.from(client.certPem));
    expect(new Certificate(Buffer.from(spaced)).id).toBe(own.id);
    const malleated = new Certificate(Buffer.from(withOtherS(client.certPem)));
    expect(malleated.id).toBe(own.id);
    expect(judged(msp(), { certPem: withOtherS(client.certPem) })).toBe('client');
  });
});

/** The same subject and key under another issuer. */
async function recertify(authority: Authority, issuer: Authority): Promise<Authority> {
  const subject = new x509.X509Certificate(authority.certPem);
  const key = await crypto.subtle.importKey(
    'pkcs8',
    new Uint8Array(Buffer.from(issuer.keyPem.replace(/-----[^-]*-----/g, ''), 'base64')),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  );
  const certificate = await x509.X509CertificateGenerator.create({
    subject: subject.subject,
    issuer: new x509.X509Certificate(issuer.certPem).subject,
    publicKey: subject.publicKey,
    signingKey: key,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    notBefore: subject.notBefore,
    notAfter: subject.notAfter,
    extensions: subject.extensions,
  });
  return { certPem: certificate.toString('pem'), keyPem: authority.keyPem };
}

/** The certificate with -s in the place of s: as good a signature, and other bytes. */
function withOtherS(certPem: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const parsed = new x509.X509Certificate(certPem);
  const old = Buffer.from(parsed.signature);
  const parts = decodeSignature(old);
  if (!parts) throw new Error('not a DER signature');
  const replaced = encodeSignature(parts.r, order - parts.s);
  const raw = Buffer.from(parsed.rawData);
  const body = raw.subarray(4, raw.length - old.length - 3); // SEQUENCE header before, BIT STRING header after
  const bits = Buffer.concat([Buffer.of(0x03, replaced.length + 1, 0), replaced]);
  const length = body.length + bits.length;
  const whole = Buffer.concat([Buffer.of(0x30, 0x82, length >> 8, length & 0xff), body, bits]);
  return x509.PemConverter.encode(new Uint8Array(whole), x509.PemConverter.CertificateTag);
}

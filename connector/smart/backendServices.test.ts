import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StateFolder } from '#device/folder.ts';
import { SeenAssertions, TokenRefusal } from './assertions.ts';
import { grantToken, type TokenIssuer } from './backendServices.ts';
import { readClients } from './clients.ts';
import { RateLimit } from './rate.ts';
import { intersect, readScopes, writeScopes } from './scopes.ts';
import { AccessTokens } from './tokens.ts';

const tokenUrl = 'https://connector.lakeside.example/lakeside/token';
let keys: Record<'ward' | 'other', { alg: string; privateKey: CryptoKey; jwk: object }>;
let folder: string;
let issuer: TokenIssuer;
let published: Server;

beforeAll(async () => {
  const make = async (alg: string, kid: string) => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
    return { alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } };
  };
  keys = { ward: await make('ES384', 'ward-1'), other: await make('RS384', 'other-1') };
});

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'medloom-smart-'));
  published = createServer((_request, response) => response.end(JSON.stringify({ keys: [keys.other.jwk] })));
  await new Promise<void>((resolve) => published.listen(0, '127.0.0.1', resolve));
  const { port } = published.address() as AddressInfo;
  const clients = [
    { id: 'ward-system', name: 'Ward', scope: 'system/MedicationRequest.crus', jwks: { keys: [keys.ward.jwk] } },
    { id: 'published', name: 'Other', scope: 'system/Task.*', jwksUrl: `http://127.0.0.1:${port}/keys` },
  ];
  const file = join(folder, 'clients.json');
  writeFileSync(file, JSON.stringify({ clients }));
  const read = readClients(file);
  const seen = await SeenAssertions.open(await StateFolder.open(join(folder, 'state')));
  issuer = { tokenUrl, clients: () => read, seen, tokens: new AccessTokens() };
});
afterEach(() => {
  published.close();
  rmSync(folder, { recursive: true, force: true });
});

let count = 0;
interface Change {
  claims?: JWTPayload;
  key?: 'ward' | 'other';
  kid?: string;
  seconds?: number;
  alg?: string;
}
async function assertion({ claims = {}, key = 'ward', kid, seconds = 200, alg }: Change = {}) {
  const { privateKey, ...own } = keys[key];
  const id = key === 'ward' ? 'ward-system' : 'published';
  count += 1;
  return new SignJWT({ iss: id, sub: id, aud: tokenUrl, jti: `jti-${count}`, ...claims })
    .setProtectedHeader({ alg: alg ?? own.alg, kid: kid ?? `${key}-1`, typ: 'JWT' })
    .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
    .sign(privateKey);
}
const formOf = (jwt: string, change: Record<string, string> = {}) =>
  new URLSearchParams({
    grant_type: 'client_credentials',
    scope: 'system/MedicationRequest.rs system/Task.rs',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: jwt,
    ...change,
  });
const refused = (form: URLSearchParams) =>
  grantToken(issuer, form).then(
    () => 'granted',
    (error: unknown) => (error instanceof TokenRefusal ? error.error : Promise.reject(error)),
  );

describe('a token', () => {
  it('is given for what is asked and registered, and counts five minutes', async () => {
    const { answer } = await grantToken(issuer, formOf(await assertion()));
    expect(answer).toMatchObject({ token_type: 'bearer', expires_in: 300, scope: 'system/MedicationRequest.rs' });
    const access = issuer.tokens.find(answer.access_token);
    expect(access?.client.id).toBe('ward-system');
    expect(issuer.tokens.find(answer.access_token, Date.now() + 301_000)).toBeUndefined();
    expect(issuer.tokens.find(`${answer.access_token}x`)).toBeUndefined();
  });

  it('is given to a client that publishes its keys', async () => {
    const { answer } = await grantToken(issuer, formOf(await assertion({ key: 'other' })));
    expect(answer.scope).toBe('system/Task.rs');
  });

  it.each<[string, Change]>([
    ['another audience', { claims: { aud: 'https://elsewhere.example/token' } }],
    ['another issuer', { claims: { iss: 'nobody-here' } }],
    ['another subject', { claims: { sub: 'published' } }],
    ['no jti', { claims: { jti: undefined } }],
    ['a life of more than five minutes', { seconds: 400 }],
    ['a time that is over', { seconds: -60 }],
    ['a key that is not registered', { claims: { iss: 'ward-system', sub: 'ward-system' }, key: 'other' }],
    ['an unknown kid', { kid: 'ward-2' }],
  ])('is refused for %s', async (_why, change) => {
    expect(await refused(formOf(await assertion(change)))).toBe('invalid_client');
  });

  it('is refused for another algorithm, and for what is no JWT', async () => {
    const { privateKey } = await generateKeyPair('RS256', { extractable: true });
    const weak = await new SignJWT({ iss: 'ward-system', sub: 'ward-system', aud: tokenUrl, jti: 'weak' })
      .setProtectedHeader({ alg: 'RS256', kid: 'ward-1' })
      .setExpirationTime('2m')
      .sign(privateKey);
    expect(await refused(formOf(weak))).toBe('invalid_client');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"iss":"ward-system"}').toString('base64url')}.`;
    expect(await refused(formOf(none))).toBe('invalid_client');
    expect(await refused(formOf('x'))).toBe('invalid_client');
  });

  it('is given once for an assertion, also after a restart', async () => {
    const jwt = await assertion();
    expect(await refused(formOf(jwt))).toBe('granted');
    expect(await refused(formOf(jwt))).toBe('invalid_client');
    issuer = { ...issuer, seen: await SeenAssertions.open(await StateFolder.open(join(folder, 'state'))) };
    expect(await refused(formOf(jwt))).toBe('invalid_client');
  });

  it('is refused for another grant, another kind of assertion, and scopes that the client has not', async () => {
    expect(await refused(formOf(await assertion(), { grant_type: 'password' }))).toBe('unsupported_grant_type');
    expect(await refused(formOf(await assertion(), { client_assertion_type: 'x' }))).toBe('invalid_request');
    expect(await refused(formOf(await assertion(), { scope: 'system/*.cruds system/Task.r' }))).toBe('invalid_scope');
  });
});

it('scopes are read, intersected and written', () => {
  const grants = readScopes(
    'system/Task.cru system/Task.s patient/Task.r system/Medication.read system/X.sr system/Y.',
  );
  expect(writeScopes(grants)).toBe('system/Task.crus system/Medication.rs');
  expect(writeScopes(intersect(grants, readScopes('system/Task.*')))).toBe('system/Task.crus');
});

it('whoever asks too often waits until the window is over', () => {
  const limit = new RateLimit({ most: 2, windowMs: 1_000 });
  expect([0, 1, 2, 3].map((at) => limit.take('a', at))).toEqual([0, 0, 1, 1]);
  expect(limit.take('b', 3)).toBe(0);
  expect(limit.take('a', 1_001)).toBe(0);
});

it('a file of clients is refused where it holds a private key, no key, or a plain address elsewhere', () => {
  const write = (client: object) => {
    const file = join(folder, 'bad.json');
    writeFileSync(file, JSON.stringify({ clients: [{ id: 'ward-system', name: 'W', scope: '', ...client }] }));
    return () => readClients(file);
  };
  expect(write({ jwks: { keys: [{ ...keys.ward.jwk, d: 'secret' }] } })).toThrow('cannot be read');
  expect(write({})).toThrow('cannot be read');
  expect(write({ jwksUrl: 'http://elsewhere.example/keys' })).toThrow('cannot be read');
  expect(write({ jwksUrl: 'https://elsewhere.example/keys' })).not.toThrow();
});

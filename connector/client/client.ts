import { randomUUID } from 'node:crypto';
import { type CryptoKey, SignJWT } from 'jose';
import { z } from 'zod';

/** A system of a hospital or pharmacy, as the connector's FHIR interface sees one: an example, and what the tests ask with. */

export interface ClientSettings {
  /** Base of the FHIR addresses. */
  base: string;
  /** As the connector's administrator registered it. */
  id: string;
  privateKey: CryptoKey;
  algorithm: 'ES384' | 'RS384';
  kid: string;
  scope: string;
}

export interface Reply {
  status: number;
  headers: Headers;
  /** Parsed JSON. */
  body: Record<string, unknown>;
}

export interface FhirClient {
  readonly base: string;
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

const configuration = z.looseObject({ token_endpoint: z.url() });
const granted = z.looseObject({ access_token: z.string(), expires_in: z.number(), scope: z.string() });
const resource = z.record(z.string(), z.unknown());

/** Discovers the token endpoint and asks for a token, anew shortly before it ends. Throws where it is refused. */
export async function connectClient(settings: ClientSettings): Promise<FhirClient> {
  const { base, id, privateKey, algorithm, kid, scope } = settings;
  const found = await fetch(`${base}/.well-known/smart-configuration`);
  const { token_endpoint: endpoint } = configuration.parse(await found.json());
  let token = { value: '', until: 0 };
  const authorise = async (): Promise<string> => {
    if (token.until > Date.now() + 10_000) return token.value;
    const assertion = await new SignJWT({ iss: id, sub: id, aud: endpoint, jti: randomUUID() })
      .setProtectedHeader({ alg: algorithm, kid, typ: 'JWT' })
      .setExpirationTime('4m')
      .sign(privateKey);
    const form = new URLSearchParams({
      ...{ grant_type: 'client_credentials', scope },
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    const response = await fetch(endpoint, { method: 'POST', body: form });
    if (!response.ok) throw new Error(`no token (${response.status}): ${await response.text()}`);
    const answer = granted.parse(await response.json());
    token = { value: answer.access_token, until: Date.now() + answer.expires_in * 1000 };
    return token.value;
  };
  return {
    base,
    request: async (method, path, body, headers = {}) => {
      const response = await fetch(path.startsWith('http') ? path : `${base}/${path}`, {
        method,
        headers: {
          authorization: `Bearer ${await authorise()}`,
          ...(body !== undefined && { 'content-type': 'application/fhir+json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, body: resource.parse(await response.json()) };
    },
  };
}

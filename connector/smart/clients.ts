import { readFileSync } from 'node:fs';
import { createLocalJWKSet, createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';
import { z } from 'zod';
import { practitionerId } from '#chaincode/model/identifiers.ts';
import { type Grants, readScopes } from './scopes.ts';

/**
 * The institution's software that may ask here: a file that its administrator keeps, since a hospital knows its systems. Each has a
 * key pair of its own and shows the public part here, or where it is published.
 */
const publicKey = z
  .looseObject({ kty: z.enum(['RSA', 'EC']), kid: z.string().min(1).max(256) })
  .refine((key) => !('d' in key), 'must be the public key alone');

const client = z
  .strictObject({
    id: z.string().regex(/^[A-Za-z0-9._~-]{4,100}$/),
    /** For people who read logs and this file. */
    name: z.string().min(1).max(100),
    /** What it may ever have, for example `system/MedicationRequest.crus system/Medication.rs`. */
    scope: z.string().max(2_000),
    /** Its public keys (RFC 7517), or the HTTPS address where it publishes them; `http:` only on this machine. */
    jwks: z.strictObject({ keys: z.array(publicKey).min(1).max(10) }).optional(),
    jwksUrl: z
      .url()
      .refine(
        (url) => url.startsWith('https://') || /^http:\/\/(localhost|127\.0\.0\.1)[:/]/.test(url),
        'must be an HTTPS address',
      )
      .optional(),
    /** In whose names it may ask, of those who have delegated to this connector; in everybody's where this is left out. */
    practitioners: z.array(practitionerId).optional(),
  })
  .refine(
    ({ jwks, jwksUrl }) => (jwks === undefined) !== (jwksUrl === undefined),
    'needs jwks or jwksUrl, and not both',
  );

const clientsFile = z.strictObject({ clients: z.array(client).max(100) });

export interface Client {
  id: string;
  name: string;
  scopes: Grants;
  keys: JWTVerifyGetKey;
  practitioners?: ReadonlySet<string>;
}

/** Reads the registered clients, by their ids. Throws what is wrong with the file. */
export function readClients(file: string): ReadonlyMap<string, Client> {
  const { clients } = parse(file);
  const byId = new Map(clients.map((one) => [one.id, createClient(one)]));
  if (byId.size < clients.length) throw new Error(`${file} names a client twice.`);
  return byId;
}

function createClient({ id, name, scope, jwks, jwksUrl, practitioners }: z.infer<typeof client>): Client {
  const keys = jwks
    ? createLocalJWKSet(jwks)
    : createRemoteJWKSet(new URL(jwksUrl ?? ''), { timeoutDuration: 3_000, cacheMaxAge: 10 * 60_000 });
  return { id, name, scopes: readScopes(scope), keys, ...(practitioners && { practitioners: new Set(practitioners) }) };
}

function parse(file: string): z.infer<typeof clientsFile> {
  try {
    return clientsFile.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    throw new Error(`The file of clients ${file} cannot be read.`, { cause });
  }
}

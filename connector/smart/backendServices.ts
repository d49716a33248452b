import { type SeenAssertions, TokenRefusal, verifyAssertion } from './assertions.ts';
import type { Client } from './clients.ts';
import { intersect, readScopes, writeScopes } from './scopes.ts';
import { type AccessTokens, tokenSeconds } from './tokens.ts';

/** SMART Backend Services (SMART App Launch 2.2, https://hl7.org/fhir/smart-app-launch/backend-services.html). */

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Whose token endpoint it is. */
export interface TokenIssuer {
  /** The endpoint's own address, which an assertion must name as its audience. */
  tokenUrl: string;
  clients: () => ReadonlyMap<string, Client>;
  seen: SeenAssertions;
  tokens: AccessTokens;
}

/** Answers the form of a token request. Throws `TokenRefusal`. */
export async function grantToken(issuer: TokenIssuer, form: URLSearchParams) {
  if (form.get('grant_type') !== 'client_credentials') {
    throw new TokenRefusal('unsupported_grant_type', 'only client_credentials is served');
  }
  if (form.get('client_assertion_type') !== assertionType) {
    throw new TokenRefusal('invalid_request', `client_assertion_type must be ${assertionType}`);
  }
  const options = { audience: issuer.tokenUrl, seen: issuer.seen };
  const client = await verifyAssertion(form.get('client_assertion') ?? '', issuer.clients(), options);
  const grants = intersect(readScopes(form.get('scope') ?? ''), client.scopes);
  if (grants.size === 0) throw new TokenRefusal('invalid_scope', 'no scope is asked for that this client may have');
  return {
    client,
    answer: {
      access_token: issuer.tokens.give({ client, grants }),
      token_type: 'bearer',
      expires_in: tokenSeconds,
      scope: writeScopes(grants),
    },
  };
}

/** `/.well-known/smart-configuration` */
export function smartConfiguration(tokenUrl: string, scopes: readonly string[]) {
  return {
    token_endpoint: tokenUrl,
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS384', 'ES384'],
    scopes_supported: scopes,
    capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
  };
}

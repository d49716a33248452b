import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ConnectorLog } from '../log.ts';
import { TokenRefusal } from '../smart/assertions.ts';
import { grantToken, smartConfiguration, type TokenIssuer } from '../smart/backendServices.ts';
import { RateLimit } from '../smart/rate.ts';
import type { Access } from '../smart/tokens.ts';
import { readBytes } from './body.ts';
import { capabilityStatement, supportedScopes } from './capability.ts';
import { medication } from './medication.ts';
import { medicationDispense } from './medicationDispense.ts';
import { medicationRequest } from './medicationRequest.ts';
import { FhirRefusal, type Issue, outcomeOf, refusalOf, refuse } from './refusal.ts';
import { type Answer, letters, type ResourceType } from './resourceType.ts';
import { requireKnown } from './search.ts';
import type { Site } from './site.ts';
import { task } from './task.ts';
import { validate } from './validate.ts';

/** FHIR R4 over HTTP for institutions' own software, and SMART's token endpoint. */

export const resourceTypes: readonly ResourceType[] = [medicationRequest, task, medicationDispense, medication];

/** A site with what lets its software in. */
export interface ServedSite extends Site {
  issuer: TokenIssuer;
}

const bodyLimit = 256 * 1024;
const formLimit = 16 * 1024;
const json = 'application/fhir+json';

export interface Rates {
  /** Requests of a client with a token; requests for tokens of an address. */
  client: RateLimit;
  address: RateLimit;
}
const minute = 60_000;
export const usualRates = (): Rates => ({
  client: new RateLimit({ most: 600, windowMs: minute }),
  address: new RateLimit({ most: 60, windowMs: minute }),
});

interface Reply {
  status: number;
  headers?: Record<string, string>;
  type?: string;
  body: object;
}

export function createFhirListener(
  sites: readonly ServedSite[],
  log: Pick<ConnectorLog, 'info' | 'error'>,
  rates = usualRates(),
): RequestListener {
  return (request, response) => {
    const started = Date.now();
    const requestId = randomUUID();
    // The path's names, and never what is searched for: that may be a person's number.
    const about: Record<string, unknown> = { requestId, method: request.method };
    void answer(sites, request, rates, about)
      .catch((error: unknown): Reply => {
        const refused = refusalOf(error);
        const details = {
          ...about,
          status: refused.status,
          issues: refused.issues.map(({ code, detail }) => detail ?? code),
        };
        if (refused.status >= 500) log.error({ ...details, err: refused.cause ?? refused }, 'a request failed');
        return { status: refused.status, headers: { ...refused.headers }, body: outcomeOf(refused.issues) };
      })
      .then(({ status, headers = {}, type = json, body }) => {
        log.info({ ...about, status, ms: Date.now() - started }, 'answered');
        respond(
          response,
          status,
          { ...headers, 'content-type': `${type}; charset=utf-8`, 'x-request-id': requestId },
          body,
        );
      });
  };
}

function respond(response: ServerResponse, status: number, headers: Record<string, string>, body: object): void {
  response.writeHead(status, {
    'cache-control': 'no-store',
    pragma: 'no-cache',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(JSON.stringify(body));
}

async function answer(
  sites: readonly ServedSite[],
  request: IncomingMessage,
  rates: Rates,
  about: Record<string, unknown>,
): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [name = '', area = '', ...rest] = url.pathname.slice(1).split('/');
  const site = sites.find((one) => one.name === name);
  if (!site) throw refuse(404, 'not-found', 'nobody is served here');
  Object.assign(about, { site: name });
  if (area === 'token' && rest.length === 0) return token(site, request, rates);
  if (area !== 'fhir') throw refuse(404, 'not-found', 'there is nothing here');
  const path = rest.join('/');
  requireAcceptable(request, url);
  if (path === 'metadata') return { status: 200, body: capabilityStatement(site, resourceTypes) };
  if (path === '.well-known/smart-configuration') {
    const body = smartConfiguration(site.issuer.tokenUrl, supportedScopes(resourceTypes));
    return { status: 200, type: 'application/json', body };
  }
  const access = authenticate(site, request);
  Object.assign(about, { client: access.client.id, resource: rest[0] });
  throttle(rates.client, access.client.id);
  return replyOf(site, await dispatch(site, access, request, url, rest), request.headers.prefer);
}

/** A token for a client, or an error of OAuth 2.0. */
async function token(site: ServedSite, request: IncomingMessage, rates: Rates): Promise<Reply> {
  if (request.method !== 'POST') throw methodNotAllowed('POST');
  throttle(rates.address, request.socket.remoteAddress ?? '');
  const form = new URLSearchParams((await readBytes(request, formLimit)).toString('utf8'));
  try {
    const { answer: body } = await grantToken(site.issuer, form);
    return { status: 200, type: 'application/json', body };
  } catch (error) {
    if (!(error instanceof TokenRefusal)) throw error;
    const body = { error: error.error, error_description: error.message };
    return { status: error.error === 'invalid_client' ? 401 : 400, type: 'application/json', body };
  }
}

function throttle(limit: RateLimit, asker: string): void {
  const seconds = limit.take(asker);
  if (seconds === 0) return;
  throw new FhirRefusal(429, [{ code: 'throttled', diagnostics: `wait ${seconds} seconds` }], {
    headers: { 'retry-after': `${seconds}` },
  });
}

function authenticate(site: ServedSite, request: IncomingMessage): Access {
  const [, presented = ''] = /^Bearer ([A-Za-z0-9_-]{20,200})$/.exec(request.headers.authorization ?? '') ?? [];
  const access = site.issuer.tokens.find(presented);
  if (access) return access;
  throw new FhirRefusal(401, [{ code: 'login', diagnostics: 'an access token of this server is needed' }], {
    headers: { 'www-authenticate': 'Bearer' },
  });
}

const methodNotAllowed = (allow: string) =>
  new FhirRefusal(405, [{ code: 'not-supported', diagnostics: 'this method is not served here' }], {
    headers: { allow },
  });

function requireAcceptable(request: IncomingMessage, url: URL): void {
  const wanted = url.searchParams.get('_format') ?? request.headers.accept ?? '*/*';
  if (!/json|\*\/\*|application\/\*/.test(wanted)) throw refuse(406, 'not-supported', `only ${json} is served`);
}

async function readResource(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  if (!/^application\/(fhir\+)?json(;|$)/.test(type)) throw refuse(415, 'not-supported', `only ${json} is read`);
  const bytes = await readBytes(request, bodyLimit);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refuse(400, 'structure', 'the body is not JSON in UTF-8');
  }
}

async function dispatch(
  site: Site,
  access: Access,
  request: IncomingMessage,
  url: URL,
  [type = '', id, ...more]: readonly string[],
): Promise<Answer> {
  const one = resourceTypes.find((candidate) => candidate.type === type);
  if (!one || more.length > 0 || (id !== undefined && !/^([A-Za-z0-9.-]{1,64}|_search|\$validate)$/.test(id))) {
    throw refuse(404, 'not-supported', 'this server does not have such a resource');
  }
  const header = (name: string) => {
    const value = request.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  };
  const asked = { site, access, params: url.searchParams, header, body: undefined as unknown };
  const require = (interaction: keyof typeof letters) => {
    if (access.grants.get(type)?.has(letters[interaction])) return;
    throw refuse(403, 'forbidden', `the token is not for system/${type}.${letters[interaction]}`);
  };
  const isSearchByPost = request.method === 'POST' && id === '_search';
  if (isSearchByPost || (request.method === 'GET' && id === undefined)) {
    require('search');
    // What is searched for by POST stands in no log of addresses.
    const form = isSearchByPost ? new URLSearchParams((await readBytes(request, formLimit)).toString('utf8')) : [];
    for (const [name, value] of form) asked.params.append(name, value);
    requireKnown(asked, one);
    return one.search(asked);
  }
  if (id === '$validate') {
    if (request.method !== 'POST' || !one.judge) throw methodNotAllowed(one.judge ? 'POST' : '');
    require('create');
    return validate(one, { ...asked, body: await readResource(request) });
  }
  if (request.method === 'GET' && id !== undefined) {
    require('read');
    return one.read(asked, id);
  }
  if (request.method === 'POST' && id === undefined && one.create) {
    require('create');
    return one.create({ ...asked, body: await readResource(request) });
  }
  if (request.method === 'PUT' && id !== undefined && one.update) {
    require('update');
    return one.update({ ...asked, body: await readResource(request) }, id);
  }
  throw methodNotAllowed(['GET', ...(one.create ? ['POST'] : []), ...(one.update ? ['PUT'] : [])].join(', '));
}

const done: Issue = { code: 'informational', severity: 'information', diagnostics: 'done, and nothing to say of it' };

/** The resource, or what is to be said of it, as the request prefers (https://hl7.org/fhir/R4/http.html#ops). */
function replyOf(site: Site, { status, resource, issues = [], version }: Answer, prefer?: string | string[]): Reply {
  const body = `${prefer}`.includes('return=OperationOutcome')
    ? outcomeOf(issues.length > 0 ? issues : [done])
    : resource;
  if (!version) return { status, body };
  const { type, id, versionId, lastUpdated } = version;
  return {
    status,
    body,
    headers: {
      etag: `W/"${versionId}"`,
      'last-modified': new Date(lastUpdated).toUTCString(),
      ...(status === 201 && { location: `${site.base}/${type}/${id}` }),
    },
  };
}

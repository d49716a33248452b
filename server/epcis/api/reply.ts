import { z } from 'zod';
import type { Problem } from './exception.ts';
import { EpcisException } from './exception.ts';

export const epcisVersion = '2.0.0';
export const cbvVersion = '2.0.0';
const epcFormats = ['No_Preference', 'Always_GS1_Digital_Link', 'Always_EPC_URN', 'Never_Translates'] as const;
type EpcFormat = (typeof epcFormats)[number];
/** The ledgers keep Digital Links, from which a URN cannot be made without knowing where the company's prefix ends. */
const answeredFormats: readonly EpcFormat[] = ['No_Preference', 'Always_GS1_Digital_Link'];

/** Bounds of a capture: events and bytes of a document, and what `rollback` can take back as one. */
export const captureLimits = { events: 2_000, bytes: 10 * 1024 * 1024, together: 500 } as const;

/** Whose context a collection and a query document are read in. */
export const context = 'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld';

const version = z.string().regex(/^[0-9]{1,3}(\.[0-9]{1,3}){0,2}$/);
/** Headers that every request may have. */
export const commonHeaders = z.object({
  'GS1-EPCIS-Version': version.optional(),
  'GS1-EPCIS-Min': version.optional(),
  'GS1-EPCIS-Max': version.optional(),
  'GS1-CBV-Version': version.optional(),
  'GS1-CBV-Min': version.optional(),
  'GS1-CBV-Max': version.optional(),
  'GS1-EPC-Format': z.enum(epcFormats).optional(),
});

/** The headers of a request that a schema names. Throws ValidationException. */
export function readHeaders<Shape extends z.ZodObject>(request: Request, schema: Shape): z.output<Shape> {
  const given = Object.keys(schema.shape).map((name) => [name, request.headers.get(name) ?? undefined]);
  const parsed = schema.safeParse(Object.fromEntries(given));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new EpcisException('ValidationException', `${issue?.path.join('.')}: ${issue?.message}`);
}

const numberOf = (text: string) =>
  text.split('.').reduce((sum, part, index) => sum + Number(part) * 1_000 ** (2 - index), 0);

/** Throws NotAcceptableException where what a client can read is not what is spoken here. */
export function requireUnderstood(request: Request): void {
  const headers = readHeaders(request, commonHeaders);
  for (const [name, spoken] of [
    ['EPCIS', epcisVersion],
    ['CBV', cbvVersion],
  ] as const) {
    const min = headers[`GS1-${name}-Min`];
    const max = headers[`GS1-${name}-Max`];
    const own = headers[`GS1-${name}-Version`];
    const isBelow = min !== undefined && numberOf(min) > numberOf(spoken);
    const isAbove = max !== undefined && numberOf(max) < numberOf(spoken);
    if (isBelow || isAbove || (own !== undefined && numberOf(own) !== numberOf(spoken))) {
      throw new EpcisException('NotAcceptableException', `${name} ${spoken} is spoken here.`);
    }
  }
  const format = headers['GS1-EPC-Format'];
  if (format !== undefined && !answeredFormats.includes(format)) {
    throw new EpcisException('NotAcceptableException', 'Identifiers are answered as GS1 Digital Links.');
  }
  const accepted = (request.headers.get('accept') ?? '*/*').toLowerCase();
  if (!/\*\/\*|application\/(\*|json|ld\+json|problem\+json)/.test(accepted)) {
    throw new EpcisException('NotAcceptableException', 'Answers are application/json.');
  }
}

const spoken = { 'GS1-EPCIS-Version': epcisVersion, 'GS1-CBV-Version': cbvVersion };

/** An answer in JSON. */
export function json(body: unknown, options: { status?: number; headers?: Record<string, string> } = {}): Response {
  return new Response(JSON.stringify(body), {
    status: options.status ?? 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...spoken, ...options.headers },
  });
}

/** An answer without a body. */
export function nothing(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers: { 'cache-control': 'no-store', ...spoken, ...headers } });
}

/** A refusal. */
export function refusal(problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...spoken, ...headers },
  });
}

/** Headers with which `OPTIONS` answers; the last three of /capture alone. */
export const discoveryHeaders = {
  Allow: 'Methods of the resource',
  ...{ 'GS1-EPCIS-Min': 'Lowest version of EPCIS', 'GS1-EPCIS-Max': 'Highest version of EPCIS' },
  ...{ 'GS1-CBV-Min': 'Lowest version of the vocabulary', 'GS1-CBV-Max': 'Highest version of the vocabulary' },
  'GS1-EPC-Format': 'How identifiers are written',
  'GS1-EPCIS-Capture-Limit': 'The most events of a document',
  'GS1-EPCIS-Capture-File-Size-Limit': 'The most bytes of a document',
  'GS1-Capture-Error-Behaviour': 'all: rollback and proceed are both offered',
};

/** What `OPTIONS` says of a resource. */
export function discovery(methods: readonly string[], isCapture: boolean): Response {
  return nothing(204, {
    allow: ['OPTIONS', ...methods].join(', '),
    ...{ 'GS1-EPCIS-Min': epcisVersion, 'GS1-EPCIS-Max': epcisVersion },
    ...{ 'GS1-CBV-Min': cbvVersion, 'GS1-CBV-Max': cbvVersion },
    'GS1-EPC-Format': answeredFormats.join(', '),
    ...(isCapture && {
      'GS1-EPCIS-Capture-Limit': String(captureLimits.events),
      'GS1-EPCIS-Capture-File-Size-Limit': String(captureLimits.bytes),
      'GS1-Capture-Error-Behaviour': 'all',
    }),
  });
}

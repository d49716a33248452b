import { jsonEndpoint } from '#server/endpoint.ts';
import { evaluateRead } from '#server/transactions/reading.ts';
import { signedRead } from '#server/transactions/schema.ts';

export const dynamic = 'force-dynamic';

/** Asks a signed reading. */
export const POST = jsonEndpoint(signedRead, evaluateRead);

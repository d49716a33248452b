import { jsonEndpoint } from '#server/endpoint.ts';
import { prepareRead } from '#server/transactions/reading.ts';
import { readIntent } from '#server/transactions/schema.ts';

export const dynamic = 'force-dynamic';

/** Builds a reading that only the person's own key may ask for. */
export const POST = jsonEndpoint(readIntent, prepareRead);

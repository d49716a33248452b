import { jsonEndpoint } from '#server/endpoint.ts';
import { beginUpload as beginning } from '#server/records/schema.ts';
import { beginUpload } from '#server/records/uploads.ts';

export const dynamic = 'force-dynamic';

/** Begins an upload. */
export const POST = jsonEndpoint(beginning, beginUpload);

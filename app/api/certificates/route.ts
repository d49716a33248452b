import { jsonEndpoint } from '#server/endpoint.ts';
import { certificatesFor } from '#server/records/readers.ts';
import { someSubjects } from '#server/records/schema.ts';

export const dynamic = 'force-dynamic';

/** Certificates that people have or had. */
export const POST = jsonEndpoint(someSubjects, certificatesFor);

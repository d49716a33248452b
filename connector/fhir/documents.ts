import { ConnectorError } from '../errors.ts';
import { type Documents, openDocuments } from '../ipfs/documents.ts';
import { FhirRefusal } from './refusal.ts';

/** Documents whose storage is away with a refusal 503. */
export function documentsOf(apiUrl: string): Documents {
  const { add, read } = openDocuments(apiUrl);
  return { add: (bytes) => told(() => add(bytes)), read: (cid) => told(() => read(cid)) };
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof ConnectorError && cause.code === 'STORAGE_UNAVAILABLE')) throw cause;
    const issue = { code: 'transient', diagnostics: cause.detail } as const;
    throw new FhirRefusal(503, [issue], { headers: { 'retry-after': '5' }, cause });
  }
}

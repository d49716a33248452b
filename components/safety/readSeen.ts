import { openShared } from '#components/records/openRecord.ts';
import type { Signed } from '#components/signing/createSigned.ts';
import { vaultClient } from '#components/vault/client.ts';
import { readPermitted } from '#components/vault/records.ts';
import type { UnknownReason } from '#fhir/safety.ts';
import type { SeenChart } from '#safety/fromChart.ts';
import { seenOf } from './seenOf.ts';

/** What a check reads of a record, or why it reads nothing. */
export type Seen = SeenChart | { why: UnknownReason; detail?: string };

/** How long a check waits for a record. */
const longestMs = 12_000;

/** Whose record is read, and by whom. */
export interface Reader {
  /** Pseudonym. */
  patient: string;
  name: string;
  /** The reader's own institution, whose key may open the record. */
  institution: string | undefined;
}

async function read({ patient, name, institution }: Reader, signed: Signed): Promise<Seen> {
  const permitted = (await readPermitted(patient)).find(({ purpose }) => purpose === 'TREAT');
  if (permitted === undefined) return { why: 'notShared' };
  const record = await openShared({ patient, institution, names: { [patient]: name } }, permitted, signed);
  return seenOf({ record, ...(await vaultClient().call('openChart', record.source)) });
}

/**
 * The chart as far as the patient shares it for treatment, read by an entry on the ledger as any other reading. Never throws:
 * what prevents it is the answer.
 */
export async function readSeen(reader: Reader, signed: Signed): Promise<Seen> {
  const late = Promise.withResolvers<Seen>();
  const timer = setTimeout(() => late.resolve({ why: 'failed', detail: 'no answer in time' }), longestMs);
  try {
    return await Promise.race([read(reader, signed), late.promise]);
  } catch (thrown) {
    const code: unknown = typeof thrown === 'object' && thrown !== null ? Reflect.get(thrown, 'code') : undefined;
    if (code === 'NO_CONSENT') return { why: 'notShared' };
    return { why: 'failed', detail: typeof code === 'string' ? code : 'INTERNAL' };
  } finally {
    clearTimeout(timer);
  }
}

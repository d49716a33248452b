import { z } from 'zod';
import {
  type FullConsent,
  type FullConsentRequest,
  fullConsent,
  fullConsentRequest,
} from '#chaincode/model/consent.ts';
import { expectData, VaultError } from '#components/vault/errors.ts';
import { read } from '#components/vault/records.ts';
import { granteesOf } from '#server/consents/actions.ts';
import type { KnownGrantee } from '#server/consents/schema.ts';
import { representativesOf } from '#server/patients/actions.ts';
import type { RecordFacts } from '#server/records/schema.ts';
import type { ReadIntent } from '#server/transactions/schema.ts';
import type { Sharing } from './holders.ts';

type PagedKind = 'consents:list' | 'consents:listRequests';
const pageSize = 100;

/** A whole list of the ledger, page after page. */
async function readAll<Item extends z.ZodType>(kind: PagedKind, patient: string, item: Item) {
  const page = z.object({ items: z.array(item), bookmark: z.string() });
  const all: z.infer<Item>[] = [];
  for (let bookmark = ''; ; ) {
    const intent: ReadIntent = { kind, patient, pageSize, bookmark };
    const answer = await read(intent, page);
    all.push(...answer.items);
    if (answer.bookmark === '' || answer.items.length === 0) return all;
    bookmark = answer.bookmark;
  }
}

const idsAtOnce = 200;

/** What the portal knows of those whom consents and requests name. */
async function findNamed(ids: string[]): Promise<KnownGrantee[]> {
  const named = [...new Set(ids)];
  const found: KnownGrantee[] = [];
  for (let at = 0; at < named.length; at += idsAtOnce) {
    found.push(...expectData(await granteesOf({ ids: named.slice(at, at + idsAtOnce) })));
  }
  return found;
}

export interface ReadSharing extends Sharing {
  /** Newest first. */
  consents: FullConsent[];
  requests: FullConsentRequest[];
}

/** Everything that the owner of a record has said about who may read it. Throws `RECORD_NOT_OPENED` before it has keys. */
export async function readSharing({
  pseudonym: patient,
  enrolled,
}: Pick<RecordFacts, 'pseudonym' | 'enrolled'>): Promise<ReadSharing> {
  const [consents, requests, answer] = await Promise.all([
    readAll('consents:list', patient, fullConsent),
    readAll('consents:listRequests', patient, fullConsentRequest),
    representativesOf({ pseudonym: patient }),
  ]);
  const ids = [
    ...consents.map(({ terms }) => terms.grantee.id),
    ...requests.flatMap(({ requester, institution }) => [requester, institution]),
  ];
  const grantees = await findNamed(ids);
  return { patient, enrolled, consents, requests, grantees, representations: expectData(answer) };
}

/** Before a record has keys there is nothing that anybody could have been allowed. */
export const isUnopened = (thrown: unknown) => thrown instanceof VaultError && thrown.code === 'RECORD_NOT_OPENED';

/** Names of everybody whom a record's consents, requests and representations name. */
export function namesIn({ grantees, representations }: Pick<Sharing, 'grantees' | 'representations'>) {
  const people = representations.flatMap(({ patient, representative }) => [patient, representative]);
  return Object.fromEntries([
    ...people.flatMap(({ pseudonym, name }) => (name === undefined ? [] : [[pseudonym, name] as const])),
    ...grantees.flatMap((grantee) => [
      [grantee.id, grantee.name] as const,
      ...(grantee.kind === 'person' ? [[grantee.institution.id, grantee.institution.name] as const] : []),
    ]),
  ]);
}

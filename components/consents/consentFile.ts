import { z } from 'zod';
import type { ConsentTerms, FullConsent } from '#chaincode/model/consent.ts';
import { expectData, VaultError } from '#components/vault/errors.ts';
import { consentResource, readConsent } from '#fhir/consent/exchange.ts';
import type { ResourceIssue } from '#fhir/r4/resource.ts';
import { t } from '#messages/en.ts';
import { granteesOf } from '#server/consents/actions.ts';

const text = t.consents;

/** Consents as a FHIR collection Bundle. */
export function consentBundle(consents: readonly FullConsent[], names: Readonly<Record<string, string>>) {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: new Date().toISOString(),
    entry: consents.map(({ terms, id, patient, since, state }) => ({
      resource: consentResource(terms, { id, patient, since, state, names }),
    })),
  };
}

/** What a file has of consents: those that can be signed, and those that cannot, each with why. */
export interface ConsentFile {
  readable: { terms: ConsentTerms; name: string }[];
  refused: { title: string; issues: ResourceIssue[] }[];
}

const one = z.looseObject({ resourceType: z.literal('Consent') });
const bundle = z.looseObject({
  resourceType: z.literal('Bundle'),
  entry: z
    .array(z.looseObject({ resource: z.looseObject({ resourceType: z.string() }) }))
    .min(1)
    .max(200),
});

const notFhir = () => new VaultError('FHIR_MALFORMED', text.notConsents);

function resourcesIn(json: string): { title: string; resource: unknown }[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw notFhir();
  }
  const file = z.union([one, bundle]).safeParse(parsed);
  if (!file.success) throw notFhir();
  if (file.data.resourceType === 'Consent') return [{ title: text.entry(1), resource: file.data }];
  const entries = bundle.parse(parsed).entry;
  return entries.map(({ resource }, at) => ({ title: text.entry(at + 1), resource }));
}

/** Reads a FHIR Consent, or a Bundle of them. Throws `FHIR_MALFORMED` where it is neither. */
export async function readConsents(json: string, patient: string, now: Date): Promise<ConsentFile> {
  const file: ConsentFile = { readable: [], refused: [] };
  const found: { title: string; terms: ConsentTerms }[] = [];
  for (const { title, resource } of resourcesIn(json)) {
    const read = readConsent(resource, patient, now);
    if (read.ok) found.push({ title, terms: read.terms });
    else file.refused.push({ title, issues: read.issues });
  }
  const ids = [...new Set(found.map(({ terms }) => terms.grantee.id))];
  const grantees = ids.length === 0 ? [] : expectData(await granteesOf({ ids }));
  for (const { title, terms } of found) {
    const known = grantees.find(({ id }) => id === terms.grantee.id);
    if (known !== undefined) file.readable.push({ terms, name: known.name });
    else {
      const issue = { path: 'Consent.provision.actor', reason: t.records.consentExchange.unknownActor };
      file.refused.push({ title, issues: [issue] });
    }
  }
  return file;
}

import { ConnectorError } from '../errors.ts';
import type { KeptPrescription } from './kept.ts';
import type { Seen } from './ledgerView.ts';
import { answeredRequest } from './requestAnswer.ts';
import type { Answer, Asked } from './resourceType.ts';
import { isAsked, pageOf, requireFew, searchPage } from './search.ts';
import { isNamed, isWithin } from './searchValues.ts';
import type { Site } from './site.ts';
import { requestStatus } from './statuses.ts';
import { isOfPatient, maySee, namesOf, withoutSpentCodes } from './visible.ts';

/** Which prescriptions a search finds. */

/** Of what was found by what is kept; of its state and last change the ledger is asked, for the page alone where that is enough. */
export async function searchRequests(asked: Asked): Promise<Answer> {
  const { site, params } = asked;
  const wanted = site.kept.all().filter((kept) => {
    if (!isAsked(params, kept.id) || !maySee(asked, kept)) return false;
    const { patient, own, authoredOn } = namesOf(kept);
    return (
      isOfPatient(params, patient) &&
      params.getAll('identifier').every((token) => isNamed(own, token)) &&
      isWithin(authoredOn, params.getAll('authoredon'), 'authoredon')
    );
  });
  const asksLedger = params.has('status') || params.has('_lastUpdated');
  // What was never answered may not be on the ledger at all.
  const unsure = wanted.filter(({ issue }) => asksLedger || issue !== undefined);
  if (asksLedger) requireFew(unsure.length, 'patient, identifier, authoredon or _id');
  const known = await seenById(site, unsure);
  const isFound = ({ id, issue }: KeptPrescription): boolean => {
    const seen = known.get(id);
    if (!seen) return !asksLedger && issue === undefined;
    const { status } = requestStatus(seen.prescription, new Date());
    return (
      params.getAll('status').every((statuses) => statuses.split(',').includes(status)) &&
      isWithin(seen.lastUpdated, params.getAll('_lastUpdated'), '_lastUpdated')
    );
  };
  const found = wanted
    .filter(isFound)
    .map((kept) => ({ kept, at: namesOf(kept).authoredOn }))
    .sort((a, b) => b.at.localeCompare(a.at) || (a.kept.id < b.kept.id ? -1 : 1));
  const { offset, count } = pageOf(params);
  const shown = found.slice(offset, offset + count).map(({ kept }) => kept);
  const rest = await seenById(
    site,
    shown.filter(({ id }) => !known.has(id)),
  );
  const page = [];
  for (const kept of shown) {
    const seen = known.get(kept.id) ?? rest.get(kept.id);
    if (!seen) throw new ConnectorError('LEDGER_UNAVAILABLE', `the peer has no ${kept.id}`);
    page.push(answeredRequest(await withoutSpentCodes(asked, kept, seen), seen, new Date()));
  }
  return searchPage(asked, 'MedicationRequest', { total: found.length, page });
}

async function seenById(site: Site, kept: readonly KeptPrescription[]): Promise<Map<string, Seen>> {
  const seen = await site.ledger.prescriptions(kept.map(({ id }) => id));
  return new Map(seen.map((one) => [one.prescription.id, one]));
}

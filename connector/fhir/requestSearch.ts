import { ConnectorError } from '../errors.ts';
import type { KeptPrescription } from './kept.ts';
import { seenOf } from './learn.ts';
import { answeredRequest } from './requestAnswer.ts';
import type { Answer, Asked } from './resourceType.ts';
import { isAsked, pageOf, searchPage } from './search.ts';
import { isNamed, isWithin } from './searchValues.ts';
import { requestStatus } from './statuses.ts';
import { isOfPatient, maySee, namesOf } from './visible.ts';

/** Which prescriptions a search finds. */

const narrower = 'patient, identifier, authoredon or _id';

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
  const known = await seenOf(site, unsure, narrower);
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
  const rest = await seenOf(
    site,
    shown.filter(({ id }) => !known.has(id)),
    narrower,
  );
  const page = [];
  for (const kept of shown) {
    const seen = known.get(kept.id) ?? rest.get(kept.id);
    if (!seen) throw new ConnectorError('LEDGER_UNAVAILABLE', `the peer has no ${kept.id}`);
    page.push(answeredRequest(kept, seen, new Date()));
  }
  return searchPage(asked, 'MedicationRequest', { total: found.length, page });
}

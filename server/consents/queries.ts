import type { Actor } from '../people/schema.ts';
import type { RequestView } from './schema.ts';
import * as service from './service.ts';

/** The requests that a clinician has made, newest first; of one patient where `patient` is a pseudonym. */
export async function listOwnRequests(actor: Actor, patient?: string): Promise<RequestView[]> {
  const requests = await service.listOwnRequests(actor, undefined);
  return patient === undefined ? requests : requests.filter((request) => request.patient.pseudonym === patient);
}

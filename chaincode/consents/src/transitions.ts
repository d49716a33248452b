import type { Consent, ConsentRequest } from '../../model/consent.ts';
import { LedgerError } from '../../model/errors.ts';

/** The state machines of a consent and of a request: pure, without storage and without the question who may do it. */

export const requestActions = ['grant', 'decline', 'withdraw'] as const;
export type RequestAction = (typeof requestActions)[number];

const answers: Record<RequestAction, ConsentRequest['state']> = {
  grant: 'granted',
  decline: 'declined',
  withdraw: 'withdrawn',
};

/** An open request is answered once, or withdrawn. Throws WRONG_STATE. */
export function answer(request: ConsentRequest, action: RequestAction): ConsentRequest {
  if (request.state !== 'open') throw new LedgerError('WRONG_STATE', `${request.id} is ${request.state}`);
  return { ...request, state: answers[action], version: request.version + 1 };
}

/** Throws WRONG_STATE where it is revoked already. */
export function revoke(consent: Consent, by: string, at: Date): Consent {
  if (consent.state !== 'active') throw new LedgerError('WRONG_STATE', `${consent.id} is ${consent.state}`);
  return { ...consent, state: 'revoked', revokedBy: by, revokedAt: at.toISOString(), version: consent.version + 1 };
}

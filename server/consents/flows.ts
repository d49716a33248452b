import type { Handlers } from '../transactions/handler.ts';
import { isRecorded } from '../transactions/recorded.ts';
import type { ConsentIntent } from './kinds.ts';

const shows = isRecorded;
const owner = { roles: ['patient'], shows } as const;
const clinician = { roles: ['doctor', 'pharmacist'], shows } as const;

export const consentHandlers: Handlers<ConsentIntent> = {
  'consents:grant': owner,
  'consents:revoke': owner,
  'consents:decline': owner,
  'consents:request': clinician,
  'consents:withdraw': clinician,
};

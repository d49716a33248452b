import type { Handlers } from '../transactions/handler.ts';
import { isRecorded } from '../transactions/recorded.ts';
import type { AccessIntent } from './kinds.ts';

const shows = isRecorded;

export const accessHandlers: Handlers<AccessIntent> = {
  'access:request': { roles: ['doctor', 'pharmacist', 'patient'], shows },
  'access:openEmergency': { roles: ['doctor'], shows },
  'access:confirmEmergency': { roles: ['doctor'], shows },
  'access:reviewEmergency': { roles: ['regulator', 'admin'], shows },
};

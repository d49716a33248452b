import type { Handlers } from '../transactions/handler.ts';
import { isRecorded } from '../transactions/recorded.ts';
import type { RecordIntent } from './kinds.ts';

const shows = isRecorded;
/** The patient, or a representative, who has the role of a patient. */
const owner = { roles: ['patient'], shows } as const;
const writer = { roles: ['doctor', 'pharmacist', 'patient'], shows } as const;

export const recordHandlers: Handlers<RecordIntent> = {
  'records:open': owner,
  'records:renewEpochs': owner,
  'records:addWraps': owner,
  'records:add': writer,
  'records:retract': writer,
  'records:putIndex': writer,
};

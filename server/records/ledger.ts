import type { z } from 'zod';
import { accessRecord, emergency } from '#chaincode/model/access.ts';
import { storedDocument } from '#chaincode/model/healthRecord.ts';
import { reenrolment, representation } from '#chaincode/model/patient.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';

type Ledger = Portal['ledger'];

async function ask<T>(ledger: Ledger, name: string, id: string, shape: z.ZodType<T>, mspId?: string): Promise<T> {
  const call = { channel: ledger.careChannelOf(id), contract: 'care', function: name, args: [id] };
  const bytes = await ledger.evaluate({ ...call, ...(mspId === undefined ? {} : { mspId }) });
  try {
    return shape.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch (cause) {
    throw new AppError('INTERNAL', `the ledger answered something else for ${name}`, { cause });
  }
}

/** What a care channel has now that everybody on it may know, as the peer of `mspId` has it. Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
const reading =
  <T>(name: string, shape: z.ZodType<T>) =>
  (ledger: Ledger, id: string, mspId?: string): Promise<T> =>
    ask(ledger, name, id, shape, mspId);

export const readDocumentEntry = reading('records:read', storedDocument);
export const readAccessEntry = reading('access:readEntry', accessRecord);
export const readEmergency = reading('access:readEmergency', emergency);
export const readRepresentation = reading('patients:readRepresentation', representation);
export const readPatientReenrolment = reading('patients:readReenrolment', reenrolment);

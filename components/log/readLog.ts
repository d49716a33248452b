import { z } from 'zod';
import { type FullAccess, fullAccess } from '#chaincode/model/access.ts';
import { read } from '#components/vault/records.ts';

const page = z.object({ items: z.array(fullAccess), bookmark: z.string() });

/** A page of who has read a record and what, newest first, as only its owner reads it; the next begins at the bookmark. */
export const readLog = (patient: string, bookmark: string): Promise<{ items: FullAccess[]; bookmark: string }> =>
  read({ kind: 'access:listByPatient', patient, pageSize: 50, bookmark }, page);

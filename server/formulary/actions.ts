'use server';

import { z } from 'zod';
import { formularyScope, formularyTerms } from '#chaincode/model/formulary.ts';
import { action } from '#server/action.ts';
import * as service from './service.ts';

/** What is said of every medicine, by product code; for screens that ask again. */
export const readMedicineStatuses = action(z.undefined(), (actor) => service.medicineStatuses(actor));

/** All versions of an entry of the actor's own list, newest first. */
export const readEntryVersions = action(
  z.object({ scope: formularyScope, code: formularyTerms.shape.code }),
  (actor, entry) => service.entryVersions(actor, entry),
);

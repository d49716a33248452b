'use server';

import { z } from 'zod';
import { action } from '#server/action.ts';
import * as facts from './facts.ts';
import * as readers from './readers.ts';
import * as schema from './schema.ts';
import * as uploads from './uploads.ts';

/** Gives up an upload; its blocks go. */
export const abandonUpload = action(schema.abandonUpload, uploads.abandonUpload);

/** Whose record it is, and whether it has keys. */
export const recordOf = action(schema.whichRecord, facts.recordOf);

/** Those for whom keys may be wrapped, with what proves their keys. */
export const readersOf = action(schema.someSubjects, readers.readersOf);

/** The keys to which organisations receive shares of a record's keys. */
export const escrowReaders = action(z.undefined(), readers.escrowReaders);

'use server';

import { action } from '#server/action.ts';
import * as schema from './schema.ts';
import * as uploads from './uploads.ts';

/** Begins to send encrypted blocks for a record. */
export const beginUpload = action(schema.beginUpload, uploads.beginUpload);

/** Gives up an upload; its blocks go. */
export const abandonUpload = action(schema.abandonUpload, uploads.abandonUpload);

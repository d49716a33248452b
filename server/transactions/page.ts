import { z } from 'zod';

/** Which page of a list of the ledger; the bookmark of the first is empty. */
export const page = {
  pageSize: z.int().min(1).max(100).default(50),
  bookmark: z.string().max(512).default(''),
};

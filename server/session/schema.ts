import { z } from 'zod';

/** A signed-in browser of a person. */
export interface SessionView {
  id: string;
  method: 'password' | 'wallet';
  /** ISO 8601 instants. */
  since: string;
  until: string;
  /** The one that asks. */
  own: boolean;
}

export const endSession = z.object({ id: z.uuid() });

import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';
import type { CircleFacts } from './schema.ts';
import * as service from './service.ts';

/** The circles in which the actor is. */
export function listCircles(actor: Actor): Promise<CircleFacts[]> {
  return service.listCircles(actor, undefined);
}

/** One circle in which the actor is; undefined where that is not so. */
export async function findCircle(actor: Actor, patient: string): Promise<CircleFacts | undefined> {
  try {
    return await service.readCircleFacts(actor, { patient });
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

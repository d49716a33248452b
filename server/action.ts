import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { AppError, asAppError, type Result } from './errors.ts';
import { parseInput } from './input.ts';
import { log, withRequestId } from './log.ts';
import type { Actor } from './people/schema.ts';
import type { Caller } from './session/attempt.ts';
import { readActor, readCaller } from './session/readActor.ts';

type Service<Who, Input, Output> = (who: Who, input: Input) => Promise<Output>;
type Action<Schema extends z.ZodType, Output> = (input: z.input<Schema>) => Promise<Result<Output>>;

async function answer<T>(name: string, work: () => Promise<T>): Promise<Result<T>> {
  return withRequestId(randomUUID(), async () => {
    const startedAt = performance.now();
    try {
      const data = await work();
      log().debug({ action: name, ms: Math.round(performance.now() - startedAt) }, 'action done');
      return { ok: true, data };
    } catch (thrown) {
      const error = asAppError(thrown);
      const entry = {
        action: name,
        code: error.code,
        detail: error.detail,
        ms: Math.round(performance.now() - startedAt),
      };
      if (error.code === 'INTERNAL') log().error({ ...entry, err: error.cause }, 'action failed');
      else log().info({ ...entry, cause: causeOf(error) }, 'action refused');
      return { ok: false, error: error.user };
    }
  });
}

function causeOf(error: AppError): string | undefined {
  return error.cause instanceof Error ? error.cause.message.slice(0, 500) : undefined;
}

/** A server action for signed-in people: session, then input, then the service, which authorises. */
export function action<Schema extends z.ZodType, Output>(
  schema: Schema,
  service: Service<Actor, z.output<Schema>, Output>,
): Action<Schema, Output> {
  return async (input) =>
    answer(service.name, async () => {
      const actor = await readActor();
      if (actor === null) throw new AppError('UNAUTHENTICATED', 'no session');
      return service(actor, parseInput(schema, input));
    });
}

/** A server action that anybody may call; its service limits the rate by the caller's address. */
export function publicAction<Schema extends z.ZodType, Output>(
  schema: Schema,
  service: Service<Caller, z.output<Schema>, Output>,
): Action<Schema, Output> {
  return async (input) => answer(service.name, async () => service(await readCaller(), parseInput(schema, input)));
}

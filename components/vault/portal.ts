import { z } from 'zod';
import { VaultError } from './errors.ts';

/** The portal's routes: unlike server actions, several may be asked at a time. */

const refusal = z.object({
  code: z.string(),
  message: z.string(),
  kept: z.string().optional(),
  next: z.string().optional(),
});

const strange = () => new VaultError('INTERNAL', 'The portal answered something else.');

/** Asks a route. Throws the portal's refusal, `ABORTED`, or `OFFLINE` where it does not answer. */
export async function askPortal(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (init.signal?.aborted === true) throw new VaultError('ABORTED', 'It was stopped.', { cause });
    throw new VaultError('OFFLINE', 'The portal does not answer.', { cause });
  }
  if (response.ok) return response;
  const problem = refusal.safeParse(await response.json().catch(() => undefined));
  if (!problem.success) throw strange();
  const { code, message, kept, next } = problem.data;
  throw new VaultError(code, message, { ...(kept && { kept }), ...(next && { next }) });
}

/** Posts JSON to a route and gives its answer in the shape that it must have. Throws what asking throws, and `INTERNAL`. */
export async function postToPortal<Shape extends z.ZodType>(
  path: string,
  input: unknown,
  shape: Shape,
): Promise<z.infer<Shape>> {
  const headers = { 'content-type': 'application/json' };
  const response = await askPortal(path, { method: 'POST', headers, body: JSON.stringify(input) });
  const answer = shape.safeParse(await response.json().catch(() => undefined));
  if (!answer.success) throw strange();
  return answer.data;
}

import { z } from 'zod';
import { AppError } from '#server/errors.ts';

const reply = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
});

const brand = Symbol.for('medloom.RpcRefusal');

/** The chain answered, and refused. */
export class RpcRefusal extends Error {
  readonly [brand] = true;
  readonly code: number;
  readonly data: unknown;

  constructor(code: number, message: string, data: unknown) {
    super(message);
    this.name = 'RpcRefusal';
    this.code = code;
    this.data = data;
  }

  /** Next loads this module more than once, as that of `AppError`: a refusal of any copy is one. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }
}

export type Rpc = (method: string, params: unknown[], deadlineMs?: number) => Promise<unknown>;

/** JSON-RPC over HTTP with a deadline on each call. Throws ETHEREUM_UNAVAILABLE or `RpcRefusal`. */
export function openRpc(url: string): Rpc {
  let next = 1;
  return async (method, params, deadlineMs = 5_000) => {
    let body: unknown;
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: next++, method, params }),
        signal: AbortSignal.timeout(deadlineMs),
      });
      body = await response.json();
    } catch (cause) {
      throw new AppError('ETHEREUM_UNAVAILABLE', method, { cause });
    }
    const parsed = reply.safeParse(body);
    if (!parsed.success) throw new AppError('ETHEREUM_UNAVAILABLE', `${method} answered something else`);
    const { result, error } = parsed.data;
    if (error !== undefined) throw new RpcRefusal(error.code, error.message, error.data);
    return result ?? null;
  };
}

import { z } from 'zod';
import { AppError, type ErrorCode } from '#server/errors.ts';

/** Where a process of an institution's connector answers, and with what it knows the portal. */
export interface ConnectorAddress {
  url: string;
  token: string;
  requestId?: () => string | undefined;
}

const refusal = z.looseObject({ code: z.string().optional(), detail: z.string().optional() });

/**
 * Calls of an HTTP interface of a connector, each with its own deadline in milliseconds. Unreachable, 5xx or answering something else than
 * `schema`: CONNECTOR_UNAVAILABLE; 4xx: what `refusals` has for its code, else CONNECTOR_REFUSED.
 */
export function connectorCall(address: ConnectorAddress, refusals: Partial<Record<string, ErrorCode>>) {
  return async <T>(method: 'GET' | 'POST', path: string, schema: z.ZodType<T>, body: unknown, deadlineMs: number) => {
    const requestId = address.requestId?.();
    let response: Response;
    let text: string;
    try {
      response = await fetch(new URL(path, address.url), {
        method,
        headers: {
          authorization: `Bearer ${address.token}`,
          'content-type': 'application/json',
          ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        redirect: 'error',
        signal: AbortSignal.timeout(deadlineMs),
      });
      text = await response.text();
    } catch (cause) {
      throw new AppError('CONNECTOR_UNAVAILABLE', `${method} ${path}`, { cause });
    }
    const json = parseJson(text);
    if (response.ok) {
      const parsed = schema.safeParse(json);
      if (parsed.success) return parsed.data;
      throw new AppError('CONNECTOR_UNAVAILABLE', `${path} answered something else`, { cause: parsed.error });
    }
    const problem = refusal.safeParse(json).data;
    const detail = `${path} answered ${response.status} ${problem?.code ?? ''} ${problem?.detail ?? ''}`.trim();
    if (response.status >= 500) throw new AppError('CONNECTOR_UNAVAILABLE', detail);
    throw new AppError(refusals[problem?.code ?? ''] ?? 'CONNECTOR_REFUSED', detail);
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

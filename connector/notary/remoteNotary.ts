import { z } from 'zod';
import { ConnectorError } from '../errors.ts';
import type { Notary } from './notary.ts';
import { notaryAnswer, toWire } from './wire.ts';

const deadlineMs = 8_000;
const refusal = z.object({ code: z.string(), detail: z.string() });

/** An organisation's notary in a process of its own, asked over the loopback. Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
export function remoteNotary(mspId: string, url: string, token: string): Notary {
  const away = (cause?: unknown) =>
    new ConnectorError('LEDGER_UNAVAILABLE', `the notary of ${mspId} is away`, { cause });
  return {
    mspId,
    attest: async (channel, prescriptionId, domain, deadline) => {
      let response: Response;
      let body: unknown;
      try {
        response = await fetch(new URL('/attestations', url), {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify(toWire({ channel, prescriptionId, domain, deadline })),
          redirect: 'error',
          signal: AbortSignal.timeout(deadlineMs),
        });
        body = await response.json();
      } catch (cause) {
        throw away(cause);
      }
      if (!response.ok) {
        const told = refusal.safeParse(body).data;
        // That there is no such prescription is an answer; all else is a notary that cannot answer now.
        throw told?.code === 'NOT_FOUND' ? new ConnectorError('NOT_FOUND', told.detail) : away(body);
      }
      const { attestation, notary, signature } = notaryAnswer.parse(body);
      return { attestation, notary, signature };
    },
  };
}

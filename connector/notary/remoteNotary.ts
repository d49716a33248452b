import { z } from 'zod';
import type { LedgerErrorCode } from '#chaincode/model/errors.ts';
import { signedDispense } from '#crypto/dispenseReceipt.ts';
import { signedRecord } from '#crypto/receipt.ts';
import { ConnectorError } from '../errors.ts';
import type { Notary } from './notary.ts';
import { notaryAnswer, toWire } from './wire.ts';

/** What a notary refuses by its ledger's word is an answer; all else is a notary that cannot answer now. */
const answers: readonly LedgerErrorCode[] = ['NOT_FOUND', 'WRONG_STATE'];
const refusal = z.object({ code: z.string(), detail: z.string() });

/**
 * An organisation's notary in a process of its own, asked over the loopback; it has `deadlineMs` to answer. Throws NOT_FOUND,
 * WRONG_STATE, LEDGER_UNAVAILABLE.
 */
export function remoteNotary(mspId: string, url: string, token: string, deadlineMs = 8_000): Notary {
  const away = (cause?: unknown) =>
    new ConnectorError('LEDGER_UNAVAILABLE', `the notary of ${mspId} is away`, { cause });
  const ask = async <T>(path: string, request: unknown, shape: z.ZodType<T>): Promise<T> => {
    let response: Response;
    let body: unknown;
    try {
      response = await fetch(new URL(path, url), {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(toWire(request)),
        redirect: 'error',
        signal: AbortSignal.timeout(deadlineMs),
      });
      body = await response.json();
    } catch (cause) {
      throw away(cause);
    }
    if (!response.ok) {
      const told = refusal.safeParse(body).data;
      const code = answers.find((known) => known === told?.code);
      throw code === undefined ? away(body) : new ConnectorError(code, told?.detail ?? '');
    }
    const parsed = shape.safeParse(body);
    if (!parsed.success) throw away(parsed.error);
    return parsed.data;
  };
  return {
    mspId,
    attest: (channel, prescriptionId, domain, deadline) =>
      ask('/attestations', { channel, prescriptionId, domain, deadline }, notaryAnswer),
    receipt: (channel, prescriptionId, receiptToken) =>
      ask('/receipts', { channel, prescriptionId, token: receiptToken }, signedRecord),
    dispenseReceipt: (channel, prescriptionId, dispenseId, receiptToken) =>
      ask('/dispense-receipts', { channel, prescriptionId, dispenseId, token: receiptToken }, signedDispense),
  };
}

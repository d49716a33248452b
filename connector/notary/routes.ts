import { readBody } from '../http/body.ts';
import type { Routes } from '../http/server.ts';
import type { Notary } from './notary.ts';
import { dispenseReceiptRequest, notaryRequest, receiptRequest, toWire } from './wire.ts';

/** What a notary does for the connector. */
export function notaryRoutes(notary: Notary): Routes {
  return {
    '/attestations': {
      POST: async (request) => {
        const { channel, prescriptionId, domain, deadline } = await readBody(request, notaryRequest);
        return toWire(await notary.attest(channel, prescriptionId, domain, deadline));
      },
    },
    '/receipts': {
      POST: async (request) => {
        const { channel, prescriptionId, token } = await readBody(request, receiptRequest);
        return notary.receipt(channel, prescriptionId, token);
      },
    },
    '/dispense-receipts': {
      POST: async (request) => {
        const { channel, prescriptionId, dispenseId, token } = await readBody(request, dispenseReceiptRequest);
        return notary.dispenseReceipt(channel, prescriptionId, dispenseId, token);
      },
    },
    '/health': { GET: async () => ({ status: 'ok', mspId: notary.mspId }) },
  };
}

import { jsonEndpoint } from '#server/endpoint.ts';
import { maxTransactionBody, transactionIntent } from '#server/transactions/schema.ts';
import { prepareTransaction } from '#server/transactions/service.ts';

export const dynamic = 'force-dynamic';

/** Turns an intent into a proposal that the page checks and signs. */
export const POST = jsonEndpoint(transactionIntent, prepareTransaction, maxTransactionBody);

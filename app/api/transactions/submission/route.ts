import { jsonEndpoint } from '#server/endpoint.ts';
import { maxTransactionBody, signedTransaction } from '#server/transactions/schema.ts';
import { submitTransaction } from '#server/transactions/service.ts';

export const dynamic = 'force-dynamic';

/** Sends the signed transaction and waits until it is recorded. */
export const POST = jsonEndpoint(signedTransaction, submitTransaction, maxTransactionBody);

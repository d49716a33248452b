import { jsonEndpoint } from '#server/endpoint.ts';
import { maxTransactionBody, signedProposal } from '#server/transactions/schema.ts';
import { endorseTransaction } from '#server/transactions/service.ts';

export const dynamic = 'force-dynamic';

/** Sends the signed proposal to the endorsers and answers the transaction to sign. */
export const POST = jsonEndpoint(signedProposal, endorseTransaction, maxTransactionBody);

'use server';

import { action } from '#server/action.ts';
import * as minting from './minting.ts';
import * as resuming from './resuming.ts';
import * as schema from './schema.ts';
import * as service from './service.ts';

/** Turns an intent into a proposal that the page checks and signs. */
export const prepareTransaction = action(schema.transactionIntent, service.prepareTransaction);

/** Sends the signed proposal to the endorsers and answers the transaction to sign. */
export const endorseTransaction = action(schema.signedProposal, service.endorseTransaction);

/** Sends the signed transaction and waits until it is recorded. */
export const submitTransaction = action(schema.signedTransaction, service.submitTransaction);

/** Takes the hash of the transaction that minted the token. */
export const recordMint = action(schema.recordMint, minting.recordMint);

/** Where a flow stands and what is needed to carry on. */
export const resumeSaga = action(schema.sagaId, resuming.resumeSaga);

/** Gives up a flow that was not signed. */
export const abandonSaga = action(schema.sagaId, resuming.abandonSaga);

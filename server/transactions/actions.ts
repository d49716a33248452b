'use server';

import { action } from '#server/action.ts';
import * as relaying from './relaying.ts';
import * as resuming from './resuming.ts';
import * as schema from './schema.ts';

/** Takes the token that the doctor's wallet has signed, to be brought to Ethereum with others. */
export const relayMint = action(schema.signedIssue, relaying.relayMint);

/** Where a flow stands and what is needed to carry on. */
export const resumeSaga = action(schema.sagaId, resuming.resumeSaga);

/** Gives up a flow that was not signed. */
export const abandonSaga = action(schema.sagaId, resuming.abandonSaga);

'use server';

import { z } from 'zod';
import { action, publicAction } from '#server/action.ts';
import { endOtherSession as endOther } from './list.ts';
import * as schema from './schema.ts';
import { newWalletNonce } from './service.ts';

/** Challenge to put into the EIP-4361 message of a wallet sign-in. */
export const walletNonce = publicAction(z.undefined(), newWalletNonce);

/** Signs the person out in another browser. */
export const endOtherSession = action(schema.endSession, endOther);

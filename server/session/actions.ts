'use server';

import { z } from 'zod';
import { publicAction } from '#server/action.ts';
import { newWalletNonce } from './service.ts';

/** Challenge to put into the EIP-4361 message of a wallet sign-in. */
export const walletNonce = publicAction(z.undefined(), newWalletNonce);

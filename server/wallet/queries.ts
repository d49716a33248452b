import { getAddress } from 'ethers';
import { z } from 'zod';
import { env } from '#server/env.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import type { WalletChain } from './schema.ts';

const chainIdAnswer = z
  .string()
  .regex(/^0x[0-9a-fA-F]{1,12}$/)
  .transform(Number);

/** Where the prescriptions' token is, with checksum. Public. */
export const readTokenAddress = (): string => getAddress(env().PRESCRIPTION_TOKEN_ADDRESS);

/** Where claims are paid, with checksum. Public. */
export function readPaymentAddresses(): WalletChain['payments'] {
  const { CARE_SETTLEMENT_ADDRESS, ASSISTANCE_FUND_ADDRESS, SETTLEMENT_COIN_ADDRESS } = env();
  return {
    settlement: getAddress(CARE_SETTLEMENT_ADDRESS),
    fund: getAddress(ASSISTANCE_FUND_ADDRESS),
    coin: getAddress(SETTLEMENT_COIN_ADDRESS),
  };
}

/** The portal's chain and token contract for wallets; null while the chain does not answer. Public to all who sign in. */
export async function readChain(_actor: Actor, portal: Portal = thePortal()): Promise<WalletChain | null> {
  try {
    const chainId = chainIdAnswer.parse(await portal.ethereum.forward('eth_chainId', []));
    return { chainId, tokenAddress: readTokenAddress(), payments: readPaymentAddresses() };
  } catch (error) {
    log().info({ detail: asAppError(error).detail }, 'the chain does not answer');
    return null;
  }
}

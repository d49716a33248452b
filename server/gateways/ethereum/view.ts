import type { Interface } from 'ethers';
import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { refusalOf } from './refusal.ts';
import { type Rpc, RpcRefusal } from './rpc.ts';

const hexText = z.string().regex(/^0x[0-9a-fA-F]*$/);

/** Asks a contract without changing anything; answers all that it returns. Throws ETHEREUM_UNAVAILABLE, WRONG_STATE where it refuses. */
export const contractView =
  (rpc: Rpc) =>
  async (to: string, abi: Interface, name: string, args: unknown[]): Promise<readonly unknown[]> => {
    try {
      const data = abi.encodeFunctionData(name, args);
      return abi.decodeFunctionResult(name, hexText.parse(await rpc('eth_call', [{ to, data }, 'latest'])));
    } catch (error) {
      if (error instanceof RpcRefusal) throw refusalOf(error);
      if (error instanceof AppError) throw error;
      throw new AppError('ETHEREUM_UNAVAILABLE', `${name} answered something else`, { cause: error });
    }
  };

import { setTimeout as delay } from 'node:timers/promises';
import { getAddress, Interface, id as keccakOfText } from 'ethers';
import { z } from 'zod';
import { type TokenState, tokenStates } from '#chaincode/model/token.ts';
import { prescriptionTokenAbi } from '#contracts/abi/prescriptionToken.ts';
import { AppError } from '#server/errors.ts';
import { openRpc, type Rpc, RpcRefusal } from './rpc.ts';
import { newSubmitter } from './submitter.ts';

/** A token as the chain knows it; addresses in lower case. */
export interface Token {
  issuer: string;
  holder: string;
  commitment: string;
  /** Unix seconds. */
  expires: number;
  state: TokenState;
  version: number;
}

/** What a mined transaction minted. */
export interface Mint {
  tokenId: string;
  issuer: string;
  holder: string;
  commitment: string;
  expires: number;
}

export interface Attestation {
  tokenId: string;
  channel: string;
  blockHash: string;
  state: number;
  version: number;
  deadline: number;
}

/** The Ethereum chain with the prescription token. */
export interface EthereumGateway {
  /** Decimal token id of a prescription: keccak-256 of its id. */
  tokenIdOf(prescriptionId: string): string;
  /** Undefined where there is no token. Throws ETHEREUM_UNAVAILABLE. */
  readToken(tokenId: string, deadlineMs?: number): Promise<Token | undefined>;
  /** What a transaction minted on the token contract; undefined while it is not mined. Throws MINT_INVALID. */
  readMint(transactionHash: string, deadlineMs?: number): Promise<Mint | undefined>;
  /** Records an attested state and waits until it is mined. Throws ETHEREUM_UNAVAILABLE, or WRONG_STATE when the chain refuses. */
  recordState(attestation: Attestation, signatures: string[]): Promise<{ transactionHash: string }>;
  /** Passes a JSON-RPC call on as it is. */
  forward(method: string, params: unknown[]): Promise<unknown>;
  /** Number of the newest block. */
  blockNumber(deadlineMs?: number): Promise<number>;
}

const hexText = z.string().regex(/^0x[0-9a-fA-F]*$/);
const receiptShape = z.object({
  status: hexText,
  logs: z.array(z.object({ address: hexText, topics: z.array(hexText), data: hexText })),
});
const prescriptionShape = z.object({
  issuer: z.string(),
  holder: z.string(),
  commitment: z.string(),
  expires: z.bigint(),
  state: z.bigint(),
  version: z.bigint(),
});
const mintShape = z.object({
  tokenId: z.bigint(),
  issuer: z.string(),
  commitment: z.string(),
  expires: z.bigint(),
});

const token = new Interface(prescriptionTokenAbi);

/** Name of the contract's error in a refusal, for example `VersionNotRising`. */
function refusalName(error: RpcRefusal): string {
  const data = z.union([hexText, z.object({ data: hexText }).transform((inner) => inner.data)]).safeParse(error.data);
  const parsed = data.success && data.data.length >= 10 ? token.parseError(data.data) : null;
  return parsed?.name ?? error.message;
}

/** Opens the chain. `submitterKey` pays for attestations and has no other right. */
export function openEthereum(options: { rpcUrl: string; tokenAddress: string; submitterKey: string }): EthereumGateway {
  const rpc: Rpc = openRpc(options.rpcUrl);
  const address = getAddress(options.tokenAddress);
  const submit = newSubmitter(rpc, options.submitterKey);

  const receiptOf = async (hash: string, deadlineMs?: number) => {
    const answer = await rpc('eth_getTransactionReceipt', [hash], deadlineMs);
    return answer === null ? undefined : receiptShape.parse(answer);
  };

  return {
    tokenIdOf: (prescriptionId) => BigInt(keccakOfText(prescriptionId)).toString(),

    async readToken(tokenId, deadlineMs) {
      const data = token.encodeFunctionData('prescriptionOf', [BigInt(tokenId)]);
      try {
        const answer = hexText.parse(await rpc('eth_call', [{ to: address, data }, 'latest'], deadlineMs));
        const read = prescriptionShape.parse(token.decodeFunctionResult('prescriptionOf', answer)[0].toObject());
        return {
          issuer: read.issuer.toLowerCase(),
          holder: read.holder.toLowerCase(),
          commitment: read.commitment.toLowerCase(),
          expires: Number(read.expires),
          state: z.enum(tokenStates).parse(tokenStates[Number(read.state)]),
          version: Number(read.version),
        };
      } catch (error) {
        if (error instanceof RpcRefusal) return undefined;
        if (error instanceof AppError) throw error;
        throw new AppError('ETHEREUM_UNAVAILABLE', 'the token contract answered something else', { cause: error });
      }
    },

    async readMint(transactionHash, deadlineMs) {
      const receipt = await receiptOf(transactionHash, deadlineMs);
      if (receipt === undefined) return undefined;
      const log = receipt.logs.find((entry) => {
        return (
          entry.address.toLowerCase() === address.toLowerCase() && token.parseLog(entry)?.name === 'PrescriptionMinted'
        );
      });
      if (BigInt(receipt.status) !== 1n || log === undefined) {
        throw new AppError('MINT_INVALID', `${transactionHash} minted nothing`);
      }
      const minted = mintShape.parse(token.parseLog(log)?.args.toObject());
      const transfer = receipt.logs.map((entry) => token.parseLog(entry)).find((entry) => entry?.name === 'Transfer');
      const { to: holder } = z.object({ to: z.string() }).parse(transfer?.args.toObject());
      return {
        tokenId: minted.tokenId.toString(),
        issuer: minted.issuer.toLowerCase(),
        holder: holder.toLowerCase(),
        commitment: minted.commitment.toLowerCase(),
        expires: Number(minted.expires),
      };
    },

    async recordState(attestation, signatures) {
      const data = token.encodeFunctionData('recordState', [attestation, signatures]);
      try {
        const transactionHash = await submit({ to: address, data });
        for (let waited = 0; waited < 20_000; waited += 250) {
          const receipt = await receiptOf(transactionHash);
          if (receipt !== undefined && BigInt(receipt.status) === 1n) return { transactionHash };
          if (receipt !== undefined) throw new AppError('WRONG_STATE', `${transactionHash} was reverted`);
          await delay(250);
        }
        throw new AppError('ETHEREUM_UNAVAILABLE', `${transactionHash} is not mined`);
      } catch (error) {
        if (error instanceof RpcRefusal) throw new AppError('WRONG_STATE', refusalName(error), { cause: error });
        throw error;
      }
    },

    forward: (method, params) => rpc(method, params, 10_000),

    blockNumber: async (deadlineMs) => Number(BigInt(hexText.parse(await rpc('eth_blockNumber', [], deadlineMs)))),
  };
}

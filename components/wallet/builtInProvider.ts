import {
  type Address,
  type Chain,
  createClient,
  custom,
  type EIP1193Provider,
  type Hex,
  hexToBigInt,
  hexToNumber,
  numberToHex,
  ProviderRpcError,
  type TransactionSerializableEIP1559,
} from 'viem';
import { prepareTransactionRequest } from 'viem/actions';
import { z } from 'zod';
import type { Issue, TokenDomain } from '#contracts/typedData.ts';
import { askChain } from './rpc.ts';

/** What signs for the built-in wallet: the vault's worker. */
export interface BuiltInSigner {
  address(): Promise<Address>;
  signTransaction(transaction: TransactionSerializableEIP1559): Promise<Hex>;
  signIssue(domain: TokenDomain, issue: Issue): Promise<Hex>;
  signMessage(raw: Hex): Promise<Hex>;
}

const hex = z.custom<Hex>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value));
const address = z.custom<Address>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]{40}$/.test(value));
const sendParams = z.tuple([
  z.object({
    ...{ from: address.optional(), to: address, data: hex.optional(), value: hex.optional() },
    ...{ gas: hex.optional(), nonce: hex.optional() },
  }),
]);
const signParams = z.tuple([hex, address]);
const decimal = z.union([z.string(), z.number()]).transform((value) => BigInt(value));
const bytes32 = z.custom<Hex>((value) => typeof value === 'string' && /^0x[0-9a-fA-F]{64}$/.test(value));
/** The one structure that this wallet signs: with it goes what the person was shown, and nothing else. */
const issueParams = z.tuple([
  address,
  z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue('no JSON');
      return z.NEVER;
    }
  }),
]);
const typedIssue = z.object({
  primaryType: z.literal('Issue'),
  domain: z.object({
    chainId: decimal.transform(Number),
    verifyingContract: address,
  }),
  message: z.object({
    tokenId: decimal,
    holder: address,
    commitment: bytes32,
    expires: decimal,
    deadline: decimal,
  }),
});
const switchParams = z.tuple([z.object({ chainId: hex })]);

const invalid = (what: string) =>
  new ProviderRpcError(new Error(what), { code: -32602, shortMessage: `Invalid parameters: ${what}` });

function parse<Schema extends z.ZodType>(schema: Schema, params: unknown, what: string): z.output<Schema> {
  const parsed = schema.safeParse(params);
  if (!parsed.success) throw invalid(what);
  return parsed.data;
}

/**
 * EIP-1193 provider of the built-in wallet: signs in the vault's worker, and asks the portal's chain for everything
 * else. It knows one chain.
 */
export function createBuiltInProvider(chain: Chain, signer: BuiltInSigner, ask: typeof askChain = askChain) {
  const client = createClient({ chain, transport: custom({ request: ask }) });

  const send = async (params: unknown): Promise<unknown> => {
    const [wanted] = parse(sendParams, params, 'transaction');
    const own = await signer.address();
    if (wanted.from !== undefined && wanted.from.toLowerCase() !== own.toLowerCase()) throw invalid('from');
    const prepared = await prepareTransactionRequest(client, {
      account: own,
      to: wanted.to,
      type: 'eip1559',
      ...(wanted.data !== undefined && { data: wanted.data }),
      ...(wanted.value !== undefined && { value: hexToBigInt(wanted.value) }),
      ...(wanted.gas !== undefined && { gas: hexToBigInt(wanted.gas) }),
      // In the place of one that was dropped.
      ...(wanted.nonce !== undefined && { nonce: hexToNumber(wanted.nonce) }),
      parameters: ['nonce', 'gas', 'fees', 'chainId'],
    });
    const { to, data, value, gas, nonce, maxFeePerGas, maxPriorityFeePerGas } = prepared;
    const raw = await signer.signTransaction({
      type: 'eip1559',
      chainId: chain.id,
      to,
      gas,
      nonce,
      maxFeePerGas,
      maxPriorityFeePerGas,
      ...(data !== undefined && { data }),
      ...(value !== undefined && { value }),
    });
    return ask({ method: 'eth_sendRawTransaction', params: [raw] });
  };

  const request = async ({ method, params }: { method: string; params?: unknown }): Promise<unknown> => {
    switch (method) {
      case 'eth_requestAccounts':
      case 'eth_accounts':
        return [await signer.address()];
      case 'eth_chainId':
        return numberToHex(chain.id);
      case 'wallet_switchEthereumChain': {
        const [{ chainId }] = parse(switchParams, params, 'chain');
        if (Number(chainId) === chain.id) return null;
        throw new ProviderRpcError(new Error('unknown chain'), {
          code: 4902,
          shortMessage: 'The built-in wallet knows only the chain of this portal.',
        });
      }
      case 'personal_sign': {
        const [raw, from] = parse(signParams, params, 'message');
        if (from.toLowerCase() !== (await signer.address()).toLowerCase()) throw invalid('account');
        return signer.signMessage(raw);
      }
      case 'eth_signTypedData_v4': {
        const [from, data] = parse(issueParams, params, 'typed data');
        const { domain, message } = parse(typedIssue, data, 'an issue');
        if (from.toLowerCase() !== (await signer.address()).toLowerCase()) throw invalid('account');
        if (domain.chainId !== chain.id) throw invalid('chain');
        return signer.signIssue(domain, message);
      }
      case 'eth_sendTransaction':
        return send(params);
      default:
        return ask({ method, params });
    }
  };
  // The interface types every method; this one passes on what it does not know.
  return { request, on: () => {}, removeListener: () => {} } as unknown as EIP1193Provider;
}

import {
  type Chain,
  createPublicClient,
  defineChain,
  type Hex,
  type HttpTransport,
  http,
  type PublicClient,
} from 'viem';

/** A connection that reads; blocks are looked for often, because the demonstration's chain makes one per transaction. */
export async function openChain(rpcUrl: string): Promise<PublicClient<HttpTransport, Chain>> {
  const transport = http(rpcUrl, { timeout: 10_000 });
  const id = await createPublicClient({ transport }).getChainId();
  const chain = defineChain({
    id,
    name: `chain ${id}`,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  });
  return createPublicClient({ chain, transport, pollingInterval: 100 });
}

/** Where the prescriptions' token is. */
export interface TokenAccess {
  rpcUrl: string;
  address: Hex;
}

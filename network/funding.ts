import {
  type Address,
  createPublicClient,
  createWalletClient,
  defineChain,
  formatEther,
  type Hex,
  http,
  parseEther,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import { StepError } from './step.ts';

export interface Purse {
  address: Address;
  /** What it is filled up to when it holds less than half of it, in ether. */
  ether: string;
}

/** Sends ether from the deployer's account to those that hold too little, one transaction each. */
export async function fundAccounts(rpcUrl: string, deployerKey: Hex, purses: readonly Purse[]): Promise<void> {
  const transport = http(rpcUrl);
  const id = await createPublicClient({ transport }).getChainId();
  const nativeCurrency = { name: 'Ether', symbol: 'ETH', decimals: 18 };
  const chain = defineChain({ id, name: `chain ${id}`, nativeCurrency, rpcUrls: { default: { http: [rpcUrl] } } });
  const client = createPublicClient({ chain, transport, pollingInterval: 50 });
  const account = privateKeyToAccount(deployerKey);
  const wallet = createWalletClient({ account, chain, transport });
  for (const { address, ether } of purses) {
    const goal = parseEther(ether);
    const held = await client.getBalance({ address });
    if (held * 2n >= goal) continue;
    const value = goal - held;
    const own = await client.getBalance({ address: account.address });
    if (own <= value)
      throw new StepError(
        `The account ${account.address} holds ${formatEther(own)} ether; ${formatEther(value)} are needed for ${address}.`,
        { advice: 'fund it, or set ETHEREUM_DEPLOYER_KEY to the key of a funded account.' },
      );
    await client.waitForTransactionReceipt({ hash: await wallet.sendTransaction({ to: address, value }) });
  }
}

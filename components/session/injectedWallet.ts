import { type Address, createWalletClient, custom, type EIP1193Provider, getAddress } from 'viem';

interface Announcement extends Event {
  readonly detail?: { provider?: EIP1193Provider };
}

export interface InjectedWallet {
  address: Address;
  chainId: number;
  sign: (message: string) => Promise<string>;
}

const announceMs = 150;

/** Wallets of this browser by EIP-6963, else the one at `window.ethereum`. */
async function findProvider(): Promise<EIP1193Provider | undefined> {
  const found: EIP1193Provider[] = [];
  const onAnnounce = (event: Announcement) => {
    if (event.detail?.provider) found.push(event.detail.provider);
  };
  window.addEventListener('eip6963:announceProvider', onAnnounce);
  window.dispatchEvent(new Event('eip6963:requestProvider'));
  await new Promise((resolve) => setTimeout(resolve, announceMs));
  window.removeEventListener('eip6963:announceProvider', onAnnounce);
  const legacy: unknown = Reflect.get(window, 'ethereum');
  return found[0] ?? (isProvider(legacy) ? legacy : undefined);
}

function isProvider(value: unknown): value is EIP1193Provider {
  return typeof value === 'object' && value !== null && 'request' in value && typeof value.request === 'function';
}

/** Connects to the browser's wallet; null where there is none. Throws what the wallet throws, such as a rejection. */
export async function connectInjected(): Promise<InjectedWallet | null> {
  const provider = await findProvider();
  if (!provider) return null;
  const client = createWalletClient({ transport: custom(provider) });
  const [address] = await client.requestAddresses();
  if (!address) return null;
  return {
    address: getAddress(address),
    chainId: await client.getChainId(),
    sign: (message) => client.signMessage({ account: address, message }),
  };
}

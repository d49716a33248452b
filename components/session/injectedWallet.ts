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
async function findProviders(): Promise<EIP1193Provider[]> {
  const found: EIP1193Provider[] = [];
  const onAnnounce = (event: Announcement) => {
    if (event.detail?.provider) found.push(event.detail.provider);
  };
  window.addEventListener('eip6963:announceProvider', onAnnounce);
  window.dispatchEvent(new Event('eip6963:requestProvider'));
  await new Promise((resolve) => setTimeout(resolve, announceMs));
  window.removeEventListener('eip6963:announceProvider', onAnnounce);
  const legacy: unknown = Reflect.get(window, 'ethereum');
  return found.length === 0 && isProvider(legacy) ? [legacy] : found;
}

function isProvider(value: unknown): value is EIP1193Provider {
  return typeof value === 'object' && value !== null && 'request' in value && typeof value.request === 'function';
}

/** Accounts that a wallet shows without asking its owner; none where it shows nothing unasked. */
function shownAccounts(provider: EIP1193Provider): Promise<Address[]> {
  return createWalletClient({ transport: custom(provider) })
    .getAddresses()
    .catch(() => []);
}

/**
 * Connects to a wallet of the browser, one with a wanted account (lower case) first; null where there is none. Throws
 * what the wallet throws, such as a rejection.
 */
export async function connectInjected(wanted: readonly string[] = []): Promise<InjectedWallet | null> {
  const providers = await findProviders();
  const isWanted = (address: Address) => wanted.includes(address.toLowerCase());
  const shown = wanted.length > 0 ? await Promise.all(providers.map(shownAccounts)) : [];
  const provider = providers.find((_, place) => shown[place]?.some(isWanted)) ?? providers[0];
  if (!provider) return null;
  const client = createWalletClient({ transport: custom(provider) });
  const addresses = await client.requestAddresses();
  const address = addresses.find(isWanted) ?? addresses[0];
  if (!address) return null;
  return {
    address: getAddress(address),
    chainId: await client.getChainId(),
    sign: (message) => client.signMessage({ account: address, message }),
  };
}

import { connectInjected } from '#components/session/injectedWallet.ts';
import { isRejection } from '#components/ui/errors.ts';
import { walletLockMessage } from '#crypto/vault.ts';
import { t } from '#messages/en.ts';
import { VaultError } from './errors.ts';

/**
 * Has one of the wallets at `addresses` (lower case) sign the text that opens the vault, as often as asked. Throws
 * `WALLET_NONE`, `WALLET_OTHER`, `REJECTED`.
 */
export async function signLockMessage(
  addresses: readonly string[],
  times: number,
): Promise<{ address: string; signatures: string[] }> {
  try {
    const wallet = await connectInjected(addresses);
    if (wallet === null) throw new VaultError('WALLET_NONE', 'There is no wallet in this browser.');
    if (!addresses.includes(wallet.address.toLowerCase())) {
      const { title, next } = t.keys.wallets.other;
      throw new VaultError('WALLET_OTHER', title, { next });
    }
    const message = walletLockMessage(wallet.address);
    const signatures: string[] = [];
    while (signatures.length < times) signatures.push(await wallet.sign(message));
    return { address: wallet.address, signatures };
  } catch (error) {
    if (isRejection(error)) {
      throw new VaultError('REJECTED', 'The signature was declined in the wallet.', { cause: error });
    }
    throw error;
  }
}

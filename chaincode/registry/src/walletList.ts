import { LedgerError } from '../../model/errors.ts';
import { mostFormerWallets, mostLinkedWallets, type PublicKeys } from '../../model/registry.ts';

const orNone = (addresses: string[]): string[] | undefined => (addresses.length > 0 ? addresses : undefined);

function withFormer(keys: PublicKeys, address: string): string[] {
  return [...(keys.formerWallets ?? []).filter((known) => known !== address), address].slice(-mostFormerWallets);
}

/** Keys with one more wallet. Throws ALREADY_EXISTS where the person has it, WRONG_STATE where there are as many as may be. */
export function withWallet(keys: PublicKeys, address: string): PublicKeys {
  const linked = keys.linkedWallets ?? [];
  if (address === keys.wallet || linked.includes(address)) {
    throw new LedgerError('ALREADY_EXISTS', 'this wallet is linked already');
  }
  if (linked.length >= mostLinkedWallets) {
    throw new LedgerError('WRONG_STATE', `no more than ${mostLinkedWallets} wallets can be linked`);
  }
  const formerWallets = orNone((keys.formerWallets ?? []).filter((known) => known !== address));
  return { ...keys, linkedWallets: [...linked, address], formerWallets };
}

/** Keys without a linked wallet, which is remembered as a former one. Throws NOT_FOUND. */
export function withoutWallet(keys: PublicKeys, address: string): PublicKeys {
  const linked = keys.linkedWallets ?? [];
  if (!linked.includes(address)) throw new LedgerError('NOT_FOUND', 'this wallet is not linked');
  const linkedWallets = orNone(linked.filter((known) => known !== address));
  return { ...keys, linkedWallets, formerWallets: withFormer(keys, address) };
}

/** New keys with the linked wallets of the old ones; a wallet that is replaced becomes a former one. */
export function rotateWallet(before: PublicKeys, keys: PublicKeys): PublicKeys {
  const linkedWallets = orNone((before.linkedWallets ?? []).filter((known) => known !== keys.wallet));
  const replaced = before.wallet !== '' && before.wallet !== keys.wallet;
  const former = (replaced ? withFormer(before, before.wallet) : (before.formerWallets ?? [])).filter(
    (known) => known !== keys.wallet,
  );
  return { ...keys, linkedWallets, formerWallets: orNone(former) };
}

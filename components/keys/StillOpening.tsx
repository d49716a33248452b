import { WalletMinimal } from 'lucide-react';
import { Hash } from '#components/ui/Facts.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';

const text = t.keys.vault.stillOpening;

/** After a password was replaced: the wallets that open the keys as before; nothing where there are none. */
export function StillOpening({ wallets }: { wallets: string[] }) {
  if (wallets.length === 0) return null;
  return (
    <Notice tone="warn" title={text.title} icon={WalletMinimal}>
      <ul aria-label={text.title}>
        {wallets.map((address) => (
          <li key={address}>
            <Hash>{address}</Hash>
          </li>
        ))}
      </ul>
      <p>{text.body}</p>
    </Notice>
  );
}

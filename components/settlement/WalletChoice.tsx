import type { Connector } from 'wagmi';
import { SelectField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';

const text = t.settlement.choose;

/** The wallet to use: nothing to choose where there is one. */
export function WalletChoice({
  wallets,
  wallet,
  choose,
  isAvailable,
}: {
  wallets: readonly Connector[];
  wallet: Connector | undefined;
  choose: (uid: string) => void;
  /** False while the Ethereum chain does not answer. */
  isAvailable: boolean;
}) {
  if (!isAvailable) return <Notice tone="warn" title={text.away} />;
  if (wallet === undefined) return <Notice tone="warn" title={text.none} />;
  return (
    <SelectField
      label={text.title}
      options={wallets.map(({ uid, name }) => ({ value: uid, label: name }))}
      value={wallet.uid}
      onChange={choose}
    />
  );
}

import { Hash } from '#components/ui/Facts.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';
import type { WalletRights } from '#server/claims/schema.ts';

const text = t.claimsPayouts.rights;

/** Says that none of the person's wallets may pay, or release, and who lets one; nothing where one may. */
export function RightsNotice({
  rights: { own, treasurer },
  what,
}: {
  rights: WalletRights;
  what: 'spends' | 'releases';
}) {
  if (own.some((wallet) => wallet[what])) return null;
  const [first] = own;
  return (
    <Notice title={text.none[what]}>
      <p>{treasurer === null ? text.noTreasurer : text.treasurer}</p>
      {treasurer !== null && <Hash>{treasurer}</Hash>}
      {first !== undefined && (
        <p>
          {text.yours} <Hash>{first.address}</Hash>
        </p>
      )}
    </Notice>
  );
}

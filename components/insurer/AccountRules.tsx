'use client';

import { FileKey, Gauge, KeyRound, ScrollText } from 'lucide-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { type Address, getAddress } from 'viem';
import { Button } from '#components/ui/Button.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { AccountWallet, InsurerAccount, PaidIn } from '#server/claims/schema.ts';
import { LimitsDialog } from './LimitsDialog.tsx';
import { isUnlimited } from './limitsDraft.ts';
import { ownTreasurer } from './ownTreasurer.ts';
import { RightsDialog } from './RightsDialog.tsx';
import { readAddress } from './readAddress.ts';
import { SignerDialog } from './SignerDialog.tsx';

const text = t.claimsPayouts.rules;

/** By which limits and by whose wallets the insurer's account is paid from, and for its treasurer how to change them. */
export function AccountRules({
  account,
  paidIn,
  insurer,
  show,
}: {
  account: InsurerAccount;
  paidIn: PaidIn;
  insurer: string;
  /** Opens a dialog, or closes it. */
  show: (dialog: ReactNode) => void;
}) {
  const { wallets, treasurer: runs, signer, perDay, releaseAbove } = account;
  const treasurer = ownTreasurer(account);
  const money = (minor: number) => formatMoney(minor, paidIn.currency);
  const onClose = () => show(null);
  const changeLimits = (by: Address) =>
    show(<LimitsDialog {...{ insurer, paidIn, onClose }} began={{ perDay, releaseAbove }} treasurer={by} />);
  const changeSigner = (by: Address) =>
    show(
      <SignerDialog
        {...{ insurer, paidIn, onClose }}
        began={signer === null ? null : getAddress(signer)}
        treasurer={by}
      />,
    );
  const changeRights = (by: Address, address: Address) => {
    const chosen = wallets.find((wallet) => wallet.address === address.toLowerCase());
    show(
      <RightsDialog
        {...{ insurer, paidIn, address, onClose }}
        treasurer={by}
        whose={chosen === undefined ? null : whoseWords(chosen)}
        wallet={chosen ?? (account.hasAllWallets ? mayNothing : undefined)}
      />,
    );
  };
  return (
    <Panel labelledBy="rules">
      <PanelHead id="rules" title={text.title} icon={ScrollText} />
      <div className="space-y-4">
        <Facts
          rows={[
            { name: text.perDay, value: isUnlimited(perDay) ? text.unlimited : text.atMost(money(perDay)) },
            { name: text.release, value: isUnlimited(releaseAbove) ? text.noRelease : text.above(money(releaseAbove)) },
            {
              ...{ name: text.treasurer, value: <Treasurer account={account} /> },
              ...(runs !== null && { copy: runs }),
            },
            {
              ...{ name: text.signer, value: <Signer signer={signer} /> },
              ...(signer !== null && { copy: signer }),
            },
          ]}
        />
        {treasurer !== undefined && (
          <div className="flex flex-wrap gap-2">
            <Button size="sm" icon={Gauge} onClick={() => changeLimits(treasurer)}>
              {t.claimsPayouts.changeLimits.open}
            </Button>
            <Button size="sm" icon={FileKey} onClick={() => changeSigner(treasurer)}>
              {t.claimsPayouts.changeSigner.open}
            </Button>
          </div>
        )}
        <section aria-labelledby="account-wallets" className="space-y-2">
          <h3 id="account-wallets" className="font-bold">
            {text.who}
          </h3>
          {wallets.length === 0 && account.hasAllWallets && <p className="text-sm text-ink-2">{text.nobodyMay}</p>}
          <ul className="divide-y divide-line">
            {wallets.map((wallet) => (
              <li key={wallet.address} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2.5">
                <span className="min-w-0 flex-1 basis-48 text-sm">
                  <span className="block">
                    <span className="font-semibold">{whoseWords(wallet)}</span> · {mayWords(wallet)}
                  </span>
                  <Hash>{wallet.address}</Hash>
                </span>
                {treasurer !== undefined && (
                  <Button
                    size="sm"
                    icon={KeyRound}
                    aria-label={text.changeOf(whoseWords(wallet), wallet.address)}
                    onClick={() => changeRights(treasurer, getAddress(wallet.address))}
                  >
                    {text.change}
                  </Button>
                )}
              </li>
            ))}
          </ul>
          {!account.hasAllWallets && (
            <Notice tone="warn" title={text.incomplete}>
              <p>{text.incompleteBody}</p>
            </Notice>
          )}
        </section>
        {treasurer !== undefined && <AnotherWallet onChosen={(address) => changeRights(treasurer, address)} />}
      </div>
    </Panel>
  );
}

const mayNothing = { spends: false, releases: false, isAdjudicator: false };

const whoseWords = ({ name, isOwn, isAdjudicator }: AccountWallet): string => {
  if (name !== null) return isOwn ? text.you(name) : name;
  return isAdjudicator ? text.adjudicator : text.unknown;
};
const mayWords = ({ spends, releases }: AccountWallet): string =>
  text.may[spends && releases ? 'both' : spends ? 'spends' : 'releases'];

function Treasurer({ account }: { account: InsurerAccount }) {
  const { treasurer, treasurerName } = account;
  if (treasurer === null) return text.nobody;
  const name = treasurerName ?? text.unknown;
  return (
    <>
      <span className="block">{ownTreasurer(account) === undefined ? name : text.you(name)}</span>
      <Hash>{treasurer}</Hash>
    </>
  );
}

function Signer({ signer }: { signer: string | null }) {
  if (signer === null) return text.noSigner;
  return (
    <>
      <Hash>{signer}</Hash>
      <span className="block text-ink-2">{text.signerWords}</span>
    </>
  );
}

/** Takes the address of a wallet that may be nobody's here yet. */
function AnotherWallet({ onChosen }: { onChosen: (address: Address) => void }) {
  const [typed, setTyped] = useState('');
  const address = readAddress(typed);
  const choose = (event: FormEvent) => {
    event.preventDefault();
    if (address === undefined) return;
    onChosen(address);
    setTyped('');
  };
  return (
    <form onSubmit={choose} className="space-y-3">
      <TextField
        label={text.another}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
        autoComplete="off"
        spellCheck={false}
        mono
        error={typed !== '' && address === undefined ? text.faultyAddress : null}
      />
      <Button type="submit" size="sm" icon={KeyRound} disabled={address === undefined}>
        {text.goOn}
      </Button>
    </form>
  );
}

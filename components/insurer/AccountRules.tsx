'use client';

import { Gauge, KeyRound, ScrollText } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type Address, getAddress, isAddress, zeroAddress } from 'viem';
import { Button } from '#components/ui/Button.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { AccountWallet, InsurerAccount, PaidIn } from '#server/claims/schema.ts';
import { LimitsDialog } from './LimitsDialog.tsx';
import { ownTreasurer } from './ownTreasurer.ts';
import { RightsDialog } from './RightsDialog.tsx';

const text = t.claimsPayouts.rules;

/** By which limits and by whose wallets the insurer's account is paid from, and for its treasurer how to change them. */
export function AccountRules({
  account,
  paidIn,
  insurer,
}: {
  account: InsurerAccount;
  paidIn: PaidIn;
  insurer: string;
}) {
  const [isLimiting, setIsLimiting] = useState(false);
  const [changing, setChanging] = useState<Address | null>(null);
  const { wallets, treasurer: runs } = account;
  const treasurer = ownTreasurer(account);
  const money = (minor: number) => formatMoney(minor, paidIn.currency);
  const chosen = wallets.find(({ address }) => address === changing?.toLowerCase());
  return (
    <Panel labelledBy="rules">
      <PanelHead id="rules" title={text.title} icon={ScrollText} />
      <div className="space-y-4">
        <Facts
          rows={[
            { name: text.perDay, value: text.atMost(money(account.perDay)) },
            { name: text.release, value: text.above(money(account.releaseAbove)) },
            {
              ...{ name: text.treasurer, value: <Treasurer account={account} /> },
              ...(runs !== null && { copy: runs }),
            },
          ]}
        />
        {treasurer !== undefined && (
          <Button size="sm" icon={Gauge} onClick={() => setIsLimiting(true)}>
            {t.claimsPayouts.changeLimits.open}
          </Button>
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
                    onClick={() => setChanging(getAddress(wallet.address))}
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
        {treasurer !== undefined && <AnotherWallet onChosen={setChanging} />}
      </div>
      {isLimiting && treasurer !== undefined && (
        <LimitsDialog {...{ insurer, paidIn, account, treasurer }} onClose={() => setIsLimiting(false)} />
      )}
      {changing !== null && treasurer !== undefined && (
        <RightsDialog
          key={changing}
          {...{ insurer, paidIn, treasurer, address: changing }}
          whose={chosen === undefined ? null : whoseWords(chosen)}
          wallet={chosen ?? (account.hasAllWallets ? mayNothing : undefined)}
          onClose={() => setChanging(null)}
        />
      )}
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

/** Takes the address of a wallet that may be nobody's here yet. */
function AnotherWallet({ onChosen }: { onChosen: (address: Address) => void }) {
  const [typed, setTyped] = useState('');
  const address = typed.trim();
  const isFaulty = !isAddress(address) || address === zeroAddress;
  const choose = (event: FormEvent) => {
    event.preventDefault();
    if (isFaulty) return;
    onChosen(getAddress(address));
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
        error={typed !== '' && isFaulty ? text.faultyAddress : null}
      />
      <Button type="submit" size="sm" icon={KeyRound} disabled={isFaulty}>
        {text.goOn}
      </Button>
    </form>
  );
}

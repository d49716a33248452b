'use client';

import { ScrollText, SquarePen } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import type { FundState, RuleSetting } from '#server/fund/schema.ts';
import { formatCoins } from './formatCoins.ts';

const { rules: text } = t.fund.desk;
const { figures } = t.fund;

/** What officers are held to beside the period's budget, whose wallets say it, and the way to change it for who has one. */
export function FundRulesPanel({
  fund,
  setting,
  onChange,
}: {
  fund: FundState;
  /** Null where it is not known. */
  setting: RuleSetting | null;
  onChange: (setting: RuleSetting) => void;
}) {
  const days = (count: number) => text.days(count, formatNumber(count));
  const own = setting?.setters.filter(({ isOwn }) => isOwn) ?? [];
  return (
    <Panel labelledBy="fund-rules">
      <PanelHead
        id="fund-rules"
        icon={ScrollText}
        title={text.title}
        aside={
          setting !== null &&
          own.length > 0 && (
            <Button size="sm" icon={SquarePen} onClick={() => onChange(setting)}>
              {text.change}
            </Button>
          )
        }
      />
      <Facts
        rows={[
          { name: figures.perGrant, value: formatCoins(fund.perGrant, fund.coin) },
          { name: text.perBeneficiary, value: formatCoins(fund.perBeneficiary, fund.coin) },
          { name: text.period, value: days(fund.periodDays) },
          { name: text.grantLife, value: days(fund.grantLifeDays) },
          { name: text.setters, value: setting === null ? text.unknown : <Setters setters={setting.setters} /> },
        ]}
      />
    </Panel>
  );
}

function Setters({ setters }: Pick<RuleSetting, 'setters'>) {
  return (
    <ul className="space-y-1.5">
      {setters.map(({ address, name, isOwn }) => (
        <li key={address}>
          <Hash>{address}</Hash>
          <span className="block text-ink-2">{isOwn ? text.own : name === null ? text.unnamed : text.other(name)}</span>
        </li>
      ))}
    </ul>
  );
}

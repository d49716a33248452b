'use client';

import { BellRing, MousePointerClick } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Page } from '#components/shell/Page.tsx';
import { alertTitle } from '#components/trace/alertWords.ts';
import { LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { SelectField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { useNow } from '#components/ui/useNow.ts';
import { t } from '#messages/en.ts';
import { type AlertPage, alertRules, triageStates } from '#server/trace/schema.ts';
import type { AlertCase } from '#server/triage/schema.ts';
import { AlertCasePanel } from './AlertCasePanel.tsx';
import { AlertLines } from './AlertLines.tsx';
import { type AlertAddress, alertQuery } from './alertAddress.ts';
import { ConnectionPill } from './ConnectionPill.tsx';
import { useRefresh } from './useRefresh.ts';

const text = t.trace.triage;

/** Alerts on one side, what is known and decided about the chosen one on the other. */
export function AlertsScreen({
  page,
  address,
  chosen,
}: {
  page: AlertPage;
  address: AlertAddress;
  chosen: AlertCase | null;
}) {
  const router = useRouter();
  const connection = useRefresh();
  const now = useNow(10_000);
  const addressOf = (changed: Partial<AlertAddress>) => `/regulator/alerts?${alertQuery({ ...address, ...changed })}`;
  const show = (changed: Partial<AlertAddress>) =>
    router.replace(addressOf({ alert: undefined, cursor: undefined, ...changed }), { scroll: false });
  return (
    <Page title={text.title} remarks={<ConnectionPill connection={connection} />}>
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,1fr)_minmax(0,1.2fr)]">
        {chosen !== null && (
          <div className="min-w-0 xl:order-2">
            <AlertCasePanel key={`${chosen.alert.id}-${chosen.alert.version}`} known={chosen} now={now} />
          </div>
        )}
        <Panel labelledBy="alert-list">
          <PanelHead id="alert-list" title={text.list} icon={BellRing} />
          <fieldset className="mb-2 grid gap-3 sm:grid-cols-2">
            <legend className="sr-only">{text.filter}</legend>
            <SelectField
              label={text.state}
              value={address.state ?? 'open'}
              onChange={(state) => show({ state: triageStates.find((known) => known === state) })}
              options={['open' as const, ...triageStates].map((value) => ({
                value,
                label: value === 'open' ? text.open : t.trace.alerts.states[value],
              }))}
            />
            <SelectField
              label={text.rule}
              value={address.rule ?? 'all'}
              onChange={(rule) => show({ rule: alertRules.find((known) => known === rule) })}
              options={['all' as const, ...alertRules].map((value) => ({
                value,
                label: value === 'all' ? text.allRules : alertTitle(value),
              }))}
            />
          </fieldset>
          <AlertLines
            alerts={page.alerts}
            now={now}
            chosen={chosen?.alert.id}
            addressOf={(alert) => addressOf({ alert })}
          />
          {page.cursor !== null && (
            <div className="mt-3">
              <LinkButton size="sm" href={addressOf({ cursor: page.cursor })}>
                {text.more}
              </LinkButton>
            </div>
          )}
        </Panel>
        {chosen === null && (
          <div className="hidden xl:block">
            <Panel>
              <Empty icon={MousePointerClick} title={text.choose}>
                {text.chooseBody}
              </Empty>
            </Panel>
          </div>
        )}
      </div>
    </Page>
  );
}

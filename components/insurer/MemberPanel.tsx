import { IdCard } from 'lucide-react';
import type { Usage } from '#chaincode/model/claim.ts';
import type { Plan } from '#chaincode/model/plan.ts';
import type { Policy } from '#chaincode/model/policy.ts';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { formatBirthDate, formatDate, formatMoney, formatNumber } from '#components/ui/format.ts';
import { Meter } from '#components/ui/Meter.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import type { Insured } from '#crypto/claim/details.ts';
import { t } from '#messages/en.ts';

const text = t.claimsCase.member;

/** Who is insured, since when, and what is used of the year. */
export function MemberPanel({
  policy,
  plan: { terms },
  usage,
  insured,
}: {
  policy: Policy;
  plan: Plan;
  usage: Usage;
  insured: Insured | undefined;
}) {
  const { from = '', until, id, state } = policy;
  const money = (minor: number) => formatMoney(minor, terms.currency);
  const meter = (used: number, most: number | undefined, words: (used: string, of: string) => string, key: string) =>
    most === undefined || most === 0 ? [] : [{ key, used, most, label: words(money(used), money(most)) }];
  const meters = [
    ...meter(usage.deductible, terms.deductible, text.deductible, 'deductible'),
    ...meter(usage.insurer, terms.annualLimit, text.limit, 'limit'),
    ...meter(usage.patient, terms.outOfPocketLimit, text.own, 'own'),
    ...terms.benefits.flatMap(({ category, annualLimit }) =>
      meter(
        usage.categories[category] ?? 0,
        annualLimit,
        (used, most) => text.category(t.claims.categories[category], used, most),
        category,
      ),
    ),
  ];
  return (
    <Panel labelledBy="member">
      <PanelHead id="member" title={text.title} icon={IdCard} remark={t.claimsPolicies.states[state]} />
      {insured && (
        <p className="mb-3">
          <span className="font-bold">{insured.name}</span>
          <span className="block text-sm text-ink-2">
            {text.born(formatBirthDate(insured.birthDate))} · {insured.identifier.value}
          </span>
        </p>
      )}
      <Facts
        rows={[
          { name: text.policy, value: <Hash>{id}</Hash>, copy: id },
          {
            name: text.insured,
            value: until === undefined ? text.since(formatDate(from)) : text.until(formatDate(from), formatDate(until)),
          },
        ]}
      />
      <h3 className="mt-4 mb-2 text-sm font-bold">{text.year(formatNumber(usage.year))}</h3>
      {meters.length === 0 ? (
        <p className="text-sm text-ink-2">{text.noLimits(money(usage.insurer))}</p>
      ) : (
        <ul className="space-y-2">
          {meters.map(({ key, used, most, label }) => (
            <li key={key}>
              <Meter value={used} max={most} label={label} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

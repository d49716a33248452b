'use client';

import { Ban, Check, IdCard, Inbox, Octagon, Search, Users } from 'lucide-react';
import { useState } from 'react';
import { policyStates } from '#chaincode/model/policy.ts';
import { OlderEntries } from '#components/claims/OlderEntries.tsx';
import { useListed } from '#components/claims/useListed.ts';
import { useChange } from '#components/registry/useChange.ts';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { expectData } from '#components/vault/errors.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import { morePolicies } from '#server/claims/actions.ts';
import type { Listed, PlanView, PolicyView } from '#server/claims/schema.ts';
import { AcceptDialog } from './AcceptDialog.tsx';
import { PolicyRow } from './PolicyRow.tsx';
import { useInsured } from './useInsured.ts';

const text = t.claimsPolicies;
const mostShown = 60;
const decided = policyStates.filter((state) => state !== 'applied');
type Asked = { what: 'accept' | 'refuse' | 'end'; policy: PolicyView };

/** Who wants to be insured, who is, and who was. */
export function PoliciesScreen({
  policies: first,
  plans,
}: {
  /** Applications first. */
  policies: Listed<PolicyView>;
  plans: readonly PlanView[];
}) {
  const list = useListed(first, async (page) => expectData(await morePolicies({ page })));
  const policies = list.entries;
  const vault = useVault();
  const { openDialog } = useUnlock();
  const { insured, opening, problem, open } = useInsured();
  const { record } = useChange();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [query, setQuery] = useState('');
  const [state, setState] = useState<(typeof decided)[number] | 'all'>('all');
  const isOpen = vault.state === 'open';

  const planName = (id: string) => plans.find((plan) => plan.id === id)?.versions[0]?.terms.name ?? id;
  const nameOf = ({ id }: PolicyView) => insured.get(id)?.name ?? id;
  const wanted = query.trim().toLowerCase();
  const applications = policies.filter((policy) => policy.state === 'applied');
  const members = policies.filter((policy) => policy.state !== 'applied');
  const found = members.filter(
    (policy) =>
      (state === 'all' || policy.state === state) &&
      [policy.id, insured.get(policy.id)?.name, planName(policy.plan)].join(' ').toLowerCase().includes(wanted),
  );
  const rowOf = (policy: PolicyView) => ({
    ...{
      policy,
      plan: planName(policy.plan),
      insured: insured.get(policy.id),
      busy: opening === policy.id || vault.state === 'opening',
    },
    onOpen: () => (isOpen ? void open(policy) : openDialog()),
  });

  return (
    <div className="max-w-[62rem] space-y-5">
      {problem && <ProblemNotice problem={problem} />}
      <Panel labelledBy="applications">
        <PanelHead id="applications" title={text.applications.title} icon={Inbox} />
        <p className="max-w-prose text-sm text-ink-2">{text.applications.body}</p>
        {applications.length === 0 ? (
          <Empty icon={IdCard} title={text.applications.none}>
            {text.applications.noneBody}
          </Empty>
        ) : (
          <ul className="divide-y divide-line">
            {applications.map((policy) => (
              <PolicyRow key={policy.id} {...rowOf(policy)}>
                {/* Nobody is insured unread. */}
                {insured.has(policy.id) && (
                  <Button size="sm" icon={Check} onClick={() => setAsked({ what: 'accept', policy })}>
                    {text.applications.accept}
                  </Button>
                )}
                <Button size="sm" look="danger" icon={Ban} onClick={() => setAsked({ what: 'refuse', policy })}>
                  {text.applications.refuse}
                </Button>
              </PolicyRow>
            ))}
          </ul>
        )}
      </Panel>
      <Panel labelledBy="members">
        <PanelHead
          id="members"
          title={text.members.title}
          icon={Users}
          remark={members.length > 0 && text.members.count(formatNumber(members.length + list.left))}
        />
        {members.length === 0 ? (
          <Empty icon={Users} title={text.members.none}>
            {text.members.noneBody}
          </Empty>
        ) : (
          <>
            <div className="grid gap-3 sm:grid-cols-[minmax(0,1fr)_12rem]">
              <TextField
                label={text.members.search}
                type="search"
                autoComplete="off"
                maxLength={100}
                value={query}
                onChange={({ target }) => setQuery(target.value)}
              />
              <SelectField
                label={text.members.state}
                options={[
                  { value: 'all', label: text.members.all },
                  ...decided.map((value) => ({ value, label: text.states[value] })),
                ]}
                value={state}
                onChange={setState}
              />
            </div>
            {found.length === 0 && (
              <Empty icon={Search} title={text.members.notFound}>
                {text.members.notFoundBody}
              </Empty>
            )}
            <ul className="divide-y divide-line">
              {found.slice(0, mostShown).map((policy) => (
                <PolicyRow key={policy.id} {...rowOf(policy)}>
                  {policy.state === 'active' && (
                    <Button
                      size="sm"
                      look="danger"
                      icon={Octagon}
                      aria-label={text.members.endOf(policy.id)}
                      onClick={() => setAsked({ what: 'end', policy })}
                    >
                      {text.members.end}
                    </Button>
                  )}
                </PolicyRow>
              ))}
            </ul>
            {found.length > mostShown && (
              <p className="text-sm text-ink-3">{text.members.more(formatNumber(found.length - mostShown))}</p>
            )}
          </>
        )}
        <OlderEntries list={list} />
      </Panel>
      {asked?.what === 'accept' && (
        <AcceptDialog policy={asked.policy.id} name={nameOf(asked.policy)} onClose={() => setAsked(null)} />
      )}
      {asked !== null && asked.what !== 'accept' && (
        <ReasonDialog
          title={text[asked.what].title}
          body={
            <>
              <p className="font-semibold break-all text-ink">{nameOf(asked.policy)}</p>
              <p>{text[asked.what].body}</p>
            </>
          }
          label={text[asked.what].label}
          action={text[asked.what].action}
          icon={asked.what === 'refuse' ? Ban : Octagon}
          onReason={(reason) => record(intentOf(asked, reason), { [asked.policy.id]: nameOf(asked.policy) })}
          onClose={() => setAsked(null)}
        />
      )}
    </div>
  );
}

const intentOf = ({ what, policy: { id } }: Asked, reason: string) =>
  what === 'refuse'
    ? { kind: 'claims:decidePolicy' as const, id, verdict: 'refuse' as const, terms: { reason } }
    : { kind: 'claims:endPolicy' as const, id, reason };

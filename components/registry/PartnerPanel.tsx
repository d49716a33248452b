'use client';

import { Ban, KeyRound, Plus, Server } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button, IconButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDate, formatDateTime } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { revokeToken } from '#server/epcis/actions.ts';
import type { PartnerSystemView, PartnerTokenView } from '#server/epcis/schema.ts';
import { PartnerSystemDialog } from './PartnerSystemDialog.tsx';
import { PartnerTokenDialog } from './PartnerTokenDialog.tsx';
import { StatusPill } from './StatusPill.tsx';
import { useChange } from './useChange.ts';

const text = t.partners;

/** Systems of an institution's partners with their tokens, and all that its admin decides about them. */
export function PartnerPanel({ systems }: { systems: PartnerSystemView[] }) {
  const [opened, setOpened] = useState<'new' | PartnerSystemView | null>(null);
  const { problem, busy, attempt } = useChange();
  const router = useRouter();
  const revoke = ({ id }: PartnerTokenView) =>
    attempt(async () => {
      expectData(await revokeToken({ token: id }));
      router.refresh();
    });
  return (
    <Panel labelledBy="partners">
      <PanelHead
        id="partners"
        title={text.title}
        remark={text.remark}
        aside={
          <Button size="sm" icon={Plus} onClick={() => setOpened('new')}>
            {text.add}
          </Button>
        }
      />
      {problem && <ProblemNotice problem={problem} />}
      {systems.length === 0 ? (
        <Empty icon={Server} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {systems.map((system) => (
            <li key={system.id} className="space-y-3 py-4">
              <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
                <div className="min-w-0 flex-1 basis-56">
                  <p className="font-bold break-words">{system.name}</p>
                  <p className="font-mono text-xs break-all text-ink-3">{system.id}</p>
                </div>
                {system.status === 'unregistered' ? (
                  <Pill tone="warn">{text.unregistered}</Pill>
                ) : (
                  <StatusPill status={system.status} />
                )}
                {system.status === 'active' && (
                  <Button size="sm" icon={KeyRound} onClick={() => setOpened(system)}>
                    {text.makeToken}
                  </Button>
                )}
              </div>
              {system.tokens.length > 0 && (
                <ul className="space-y-2">
                  {system.tokens.map((token) => (
                    <li key={token.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
                      <span className="min-w-0 flex-1 basis-48">
                        <span className="font-semibold break-words">{token.name}</span>{' '}
                        <span className="text-ink-2">
                          {token.scopes.map((scope) => text.scopes[scope]).join(' · ')}
                        </span>
                        <span className="block text-ink-3">{wordsOf(token)}</span>
                      </span>
                      <Pill tone={token.state === 'valid' ? 'ok' : 'neutral'}>{text.states[token.state]}</Pill>
                      {token.state === 'valid' && (
                        <IconButton
                          icon={Ban}
                          label={text.revoke(token.name)}
                          disabled={busy}
                          onClick={() => void revoke(token)}
                        />
                      )}
                    </li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      )}
      {opened === 'new' && <PartnerSystemDialog onClose={() => setOpened(null)} />}
      {opened !== null && opened !== 'new' && <PartnerTokenDialog system={opened} onClose={() => setOpened(null)} />}
    </Panel>
  );
}

function wordsOf({ expiresAt, lastUsedAt }: PartnerTokenView): string {
  const used = lastUsedAt === undefined ? text.neverUsed : text.lastUsed(formatDateTime(lastUsedAt));
  return `${text.until(formatDate(expiresAt))} · ${used}`;
}

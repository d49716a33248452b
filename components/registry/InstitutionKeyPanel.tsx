'use client';

import { CircleAlert, CircleCheck, KeyRound, RefreshCw, Send } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { t } from '#messages/en.ts';
import type { InstitutionView } from '#server/registry/schema.ts';
import { holdingOf, type KeyHolders, makeKey, readHolders, wrapKey } from './institutionKey.ts';
import { useChange } from './useChange.ts';

const text = t.registry.key;

/** The institution's reading key: made, renewed and given to staff by the admin. */
export function InstitutionKeyPanel({ institution }: { institution: InstitutionView }) {
  const { id, name, kind, reading } = institution;
  const isAuthority = kind === 'authority';
  const vault = useVault();
  const { openDialog } = useUnlock();
  const [holders, setHolders] = useState<KeyHolders | null>(null);
  const [unread, setUnread] = useState<Problem | null>(null);
  const { attempt, change, busy, problem } = useChange();
  const open = vault.state === 'open';

  const look = useCallback(async () => {
    setUnread(null);
    try {
      setHolders(await readHolders(id, reading));
    } catch (thrown) {
      setUnread(problemOf(thrown, 'OFFLINE'));
    }
  }, [id, reading]);
  useEffect(() => {
    if (open) void look();
  }, [open, look]);

  const lacking = (holders?.staff ?? []).filter((member) => holdingOf(member, holders?.held ?? []) !== 'has');
  const names = { [id]: name };
  const make = async () => {
    let made: Awaited<ReturnType<typeof makeKey>> | undefined;
    await attempt(async () => {
      made = await makeKey(institution, holders?.staff ?? []);
    });
    if (made) await change({ kind: 'putInstitutionReading', institution: id, ...made }, names);
  };
  const give = async () => {
    if (!reading) return;
    let staff: Awaited<ReturnType<typeof wrapKey>> | undefined;
    await attempt(async () => {
      staff = await wrapKey(id, reading, lacking);
    });
    if (staff && (await change({ kind: 'wrapForStaff', institution: id, staff }, names))) await look();
  };

  return (
    <Panel labelledBy="institution-key">
      <PanelHead
        id="institution-key"
        title={text.title}
        icon={KeyRound}
        remark={reading && `${text.generation} ${reading.generation}`}
      />
      <p className="text-sm text-ink-2">{isAuthority ? text.authorityBody : text.body}</p>
      {(problem ?? unread) && (
        <div className="mt-3">
          <ProblemNotice problem={problem ?? unread ?? { code: 'INTERNAL', message: '' }} />
        </div>
      )}
      {!open ? (
        <div className="mt-4 space-y-3">
          <p className="text-sm text-ink-2">{text.locked}</p>
          <Button icon={KeyRound} busy={vault.state === 'opening'} onClick={openDialog}>
            {text.unlock}
          </Button>
        </div>
      ) : reading === undefined ? (
        <Empty
          icon={KeyRound}
          title={text.none}
          action={
            <Button look="primary" icon={KeyRound} busy={busy} disabled={holders === null} onClick={() => void make()}>
              {text.make}
            </Button>
          }
        >
          {isAuthority ? text.authorityNoneBody : text.noneBody}
        </Empty>
      ) : (
        <div className="mt-4 space-y-4">
          <Holders holders={holders} />
          <div className="flex flex-wrap items-center gap-3">
            {lacking.length > 0 && (
              <Button look="primary" icon={Send} busy={busy} onClick={() => void give()}>
                {text.give(lacking.length)}
              </Button>
            )}
            <Button icon={RefreshCw} disabled={busy || holders === null} onClick={() => void make()}>
              {text.rotate}
            </Button>
          </div>
          <p className="text-sm text-ink-3">{text.rotateBody}</p>
        </div>
      )}
    </Panel>
  );
}

/** Who can read with the key, by name. */
function Holders({ holders }: { holders: KeyHolders | null }) {
  if (holders === null) {
    return (
      <p className="text-sm text-ink-2" aria-live="polite">
        {text.looking}
      </p>
    );
  }
  return (
    <section aria-labelledby="holders">
      <h3 id="holders" className="mb-1.5 text-sm font-semibold text-ink-2">
        {text.holders}
      </h3>
      <ul className="divide-y divide-line border-y border-line">
        {holders.staff.map((member) => {
          const holding = holdingOf(member, holders.held);
          const has = holding === 'has';
          return (
            <li key={member.subject} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2">
              <span className="font-semibold">{member.name}</span>
              <Pill tone={has ? 'ok' : 'warn'} icon={has ? CircleCheck : CircleAlert}>
                {text[holding]}
              </Pill>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

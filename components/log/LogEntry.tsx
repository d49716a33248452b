'use client';

import { Link2, Siren } from 'lucide-react';
import { useState } from 'react';
import type { FullAccess } from '#chaincode/model/access.ts';
import { partsWords } from '#components/chart/NotShared.tsx';
import { chainLabel } from '#components/shell/chains.ts';
import { Avatar } from '#components/ui/Avatar.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { AccessEntry } from '#server/access/schema.ts';

const text = t.patient.log;

/** One reading: who, what, why and when, and what proves it. */
export function LogEntry({
  access,
  entry,
  own,
}: {
  access: FullAccess;
  /** As the portal knows it; a very new one it may not know yet. */
  entry: AccessEntry | undefined;
  /** The reader is who looks at this. */
  own: boolean;
}) {
  const [proving, setProving] = useState(false);
  const { terms, emergency, at, until } = access;
  const name = own ? text.you : (entry?.reader.name ?? access.reader);
  const house = entry?.reader.institution?.name;
  return (
    <li className="flex flex-wrap items-start gap-x-4 gap-y-2 py-3.5">
      <Avatar name={name} size="sm" />
      <div className="min-w-0 flex-1 basis-56">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-bold break-words">{name}</span>
          {emergency !== undefined && (
            <Pill tone="danger" icon={Siren}>
              {t.consents.purposes.ETREAT}
            </Pill>
          )}
        </p>
        <p className="text-sm">
          {partsWords(terms.categories)} · {t.consents.purposes[terms.purpose]}
        </p>
        <p className="text-sm text-ink-2">
          {house && <>{house} · </>}
          <Time value={at} />
        </p>
      </div>
      {entry && (
        <Button size="sm" icon={Link2} aria-label={`${text.proof}: ${name}`} onClick={() => setProving(true)}>
          {text.proof}
        </Button>
      )}
      {entry && (
        <Dialog
          open={proving}
          onOpenChange={setProving}
          title={text.proofTitle}
          description={text.proofBody}
          closeLabel={t.shell.close}
          place="drawer"
        >
          <Facts
            rows={[
              { name: text.reader, value: <Hash>{access.reader}</Hash>, copy: access.reader },
              { name: text.entry, value: <Hash>{access.id}</Hash>, copy: access.id },
              { name: text.open, value: <Time value={until} /> },
              { name: t.prescriptions.proof.channel, value: chainLabel(entry.proof.channel) },
              { name: t.prescriptions.proof.block, value: String(entry.proof.blockNumber) },
              {
                name: t.prescriptions.proof.transaction,
                value: <Hash>{entry.proof.transactionId}</Hash>,
                copy: entry.proof.transactionId,
              },
            ]}
          />
        </Dialog>
      )}
    </li>
  );
}

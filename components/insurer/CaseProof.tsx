'use client';

import { Link2 } from 'lucide-react';
import { useState } from 'react';
import type { Claim } from '#chaincode/model/claim.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { tokenIdOf } from '#crypto/token.ts';
import { t } from '#messages/en.ts';
import type { ReadClaim } from './judgeCase.ts';

const text = t.claimsCase.proof;

/** What the ledgers have of a claim: ids, hashes, references; with its evidence's token and block once that was opened. */
export function CaseProof({ claim, read }: { claim: Claim; read: ReadClaim | undefined }) {
  const [open, setOpen] = useState(false);
  const hash = (name: string, value: string | undefined) =>
    value === undefined ? [] : [{ name, value: <Hash>{value}</Hash>, copy: value }];
  const dispense = read?.opened.content.evidence?.dispense;
  return (
    <>
      <Button size="sm" icon={Link2} onClick={() => setOpen(true)}>
        {text.open}
      </Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title={text.title}
        description={text.body}
        closeLabel={t.shell.close}
        place="drawer"
      >
        <Facts
          rows={[
            ...hash(text.claim, claim.id),
            ...hash(text.version, String(claim.version)),
            ...hash(text.policy, claim.policy),
            ...hash(text.authorisation, claim.authorisation),
            ...hash(text.plan, `${claim.plan.id} ${claim.plan.version}`),
            ...hash(text.by, claim.by),
            ...hash(text.service, claim.service),
            ...hash(text.reference, `0x${claim.reference}`),
            ...hash(text.content, claim.content.cid),
            ...hash(text.hash, claim.content.contentHash),
            ...claim.decisions.flatMap(({ explanation }, place) =>
              hash(text.explanation(String(place + 1)), explanation.cid),
            ),
            ...claim.receipts.flatMap(({ transactionHash }, place) =>
              hash(text.transaction(String(place + 1)), transactionHash),
            ),
            ...hash(text.token, dispense && tokenIdOf(dispense.record.id).toString()),
            ...hash(text.channel, dispense?.channel),
            ...hash(text.block, dispense?.blockHash),
          ]}
        />
      </Dialog>
    </>
  );
}

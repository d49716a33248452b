'use client';

import { Link2 } from 'lucide-react';
import { useState } from 'react';
import { chainLabel } from '#components/shell/chains.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

const text = t.prescriptions.proof;

export interface Proof {
  prescriptionId: string;
  channel: string;
  version?: number;
  blockNumber?: string;
  transactionId?: string;
  cid?: string;
  contentHash?: string;
  commitment?: string;
  tokenId?: string;
  tokenState?: string;
  tokenHolder?: string;
  tokenIssuer?: string;
  tokenTransaction?: string;
}

/** The proof of a prescription as its ledger entry and its token give it. */
export function proofOf(prescription: PrescriptionSummary): Proof {
  const { id, channel, version, cid, contentHash, commitment, token } = prescription;
  return {
    prescriptionId: id,
    channel,
    version,
    cid,
    contentHash,
    commitment,
    tokenId: token.tokenId,
    tokenState: t.prescriptions.tokenStates[token.state],
    tokenHolder: token.holder,
    tokenIssuer: token.issuer,
    tokenTransaction: token.transactionHash,
  };
}

/** A button that opens what the ledgers hold: block, channel, CID, token and hash. */
export function ProofButton({ proof, size = 'sm' }: { proof: Proof; size?: 'sm' | 'md' }) {
  const [open, setOpen] = useState(false);
  const hash = (name: string, value: string | undefined) =>
    value ? [{ name, value: <Hash>{value}</Hash>, copy: value }] : [];
  return (
    <>
      <Button size={size} icon={Link2} onClick={() => setOpen(true)}>
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
            ...hash(text.id, proof.prescriptionId),
            { name: text.channel, value: chainLabel(proof.channel) },
            ...(proof.version === undefined ? [] : [{ name: text.version, value: String(proof.version) }]),
            ...(proof.blockNumber ? [{ name: text.block, value: proof.blockNumber }] : []),
            ...hash(text.transaction, proof.transactionId),
            ...hash(text.cid, proof.cid),
            ...hash(text.contentHash, proof.contentHash),
            ...hash(text.commitment, proof.commitment),
            ...hash(text.tokenId, proof.tokenId),
            ...(proof.tokenState ? [{ name: text.tokenState, value: proof.tokenState }] : []),
            ...hash(text.tokenHolder, proof.tokenHolder),
            ...hash(text.tokenIssuer, proof.tokenIssuer),
            ...hash(text.tokenTransaction, proof.tokenTransaction),
          ]}
        />
      </Dialog>
    </>
  );
}

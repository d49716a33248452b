'use client';

import { BadgeCheck, ExternalLink } from 'lucide-react';
import { useEffect, useState } from 'react';
import { QrCode } from '#components/prescriptions/QrCode.tsx';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { discloseFields } from '#components/vault/prescription.ts';
import { proofLink } from '#crypto/commitment/disclosure.ts';
import type { CommitmentField } from '#crypto/commitment/fields.ts';
import { t } from '#messages/en.ts';

const text = t.prescriptions.patient.showProof;

/** Without these a proof is about nothing. */
const always: CommitmentField[] = ['medicine', 'dosage', 'quantity', 'authoredOn', 'validity', 'prescriber'];
const person: CommitmentField[] = ['patientName', 'patientBirthDate'];
const why: CommitmentField[] = ['reason'];

/** The patient shows somebody that a prescription is genuine: what of it is shown is chosen, and `/verify` checks it. */
export function ShowProof({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button size="lg" icon={BadgeCheck} onClick={() => setOpen(true)}>
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
        <Choice id={id} />
      </Dialog>
    </>
  );
}

function Choice({ id }: { id: string }) {
  const [named, setNamed] = useState(true);
  const [reasoned, setReasoned] = useState(false);
  const [link, setLink] = useState<string | null>(null);
  const { problem, attempt } = useAttempt();

  useEffect(() => {
    let mine = true;
    setLink(null);
    const fields = [...always, ...(named ? person : []), ...(reasoned ? why : [])];
    void attempt(async () => {
      const made = proofLink(window.location.origin, await discloseFields(id, fields));
      if (mine) setLink(made);
    });
    return () => {
      mine = false;
    };
  }, [attempt, id, named, reasoned]);

  return (
    <div className="space-y-4">
      <div className="space-y-2">
        <CheckBox checked={named} onChange={setNamed}>
          {text.named}
        </CheckBox>
        <CheckBox checked={reasoned} onChange={setReasoned}>
          {text.reasoned}
        </CheckBox>
      </div>
      {problem && <ProblemNotice problem={problem} />}
      {link !== null && (
        <>
          <div className="mx-auto max-w-80">
            <QrCode text={link} label={text.code} />
          </div>
          <p className="text-center">
            <a
              href={link}
              target="_blank"
              rel="noopener"
              className="inline-flex items-center gap-2 font-semibold text-brand underline underline-offset-3"
            >
              {text.link} <ExternalLink size={16} aria-hidden />
            </a>
          </p>
        </>
      )}
      <p className="text-sm text-ink-2">{text.collects}</p>
    </div>
  );
}

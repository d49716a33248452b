'use client';

import { useCallback, useRef, useState } from 'react';
import { useMintStep } from '#components/flows/useMintStep.ts';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { useRecording } from '#components/signing/useRecording.ts';
import type { Names } from '#components/signing/wordsOf.ts';
import { problemOf } from '#components/ui/errors.ts';
import { composePrescription } from '#components/vault/prescription.ts';
import type { IssueIntent } from '#components/vault/prescriptionOperations.ts';
import { useMintPrescription } from '#components/wallet/WalletProvider.tsx';
import type { Product } from '#formulary/product.ts';
import type { PatientSummary } from '#server/people/schema.ts';
import { careChannelOf } from '#server/prescriptions/schema.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import type { Order } from './dose.ts';
import { productLabel } from './products.ts';
import { type IssueProgress, notBegun } from './progress.ts';

const dayMs = 86_400_000;

/** How old what was composed ahead may be; its time of writing stands in the prescription. */
const freshMs = 60_000;

/** What is to be prescribed. */
export interface Wanted {
  patient: PatientSummary;
  product: Product;
  order: Order;
}

function namesFor(intent: TransactionIntent, wanted: Wanted | null): Names {
  if (intent.kind !== 'issue' || wanted === null) return {};
  return { [intent.issue.id]: productLabel(wanted.product), [intent.issue.patient]: wanted.patient.name };
}

interface Ahead {
  wanted: string;
  at: number;
  composed: ReturnType<typeof composePrescription>;
}

/**
 * Signs a prescription in the person's three steps. What was composed is kept until it is recorded, so that a second
 * press carries on with the same prescription and never makes a second one.
 */
export function useIssue() {
  const person = usePerson();
  const mint = useMintStep(useMintPrescription());
  const [progress, setProgress] = useState<IssueProgress>(notBegun);
  const wantedNow = useRef<Wanted | null>(null);
  const recording = useRecording<{ intent: IssueIntent }>((intent) => namesFor(intent, wantedNow.current));
  const signed = useRef<IssueIntent | null>(null);
  const ahead = useRef<Ahead | null>(null);

  const runMint = useCallback(
    async (intent: IssueIntent, sagaId: string) => {
      setProgress((was) => ({
        ...was,
        stage: 'signed',
        problem: undefined,
        steps: { ...was.steps, mint: 'running' },
      }));
      const outcome = await mint(sagaId, {
        prescriptionId: intent.issue.id,
        holder: intent.tokenHolder,
        commitment: intent.issue.commitment,
        expires: intent.issue.expires,
      });
      setProgress((was) =>
        'problem' in outcome
          ? { ...was, stage: 'signed', problem: outcome.problem, steps: { ...was.steps, mint: 'waiting' } }
          : { ...was, stage: 'done', mintHash: outcome.transactionHash, steps: { ...was.steps, mint: 'done' } },
      );
    },
    [mint],
  );

  const compose = useCallback(
    ({ patient, product, order }: Wanted) =>
      composePrescription({
        patient: {
          name: patient.name,
          birthDate: patient.birthDate,
          ...(patient.identifier && { identifier: patient.identifier }),
          sex: patient.sex,
          pseudonym: patient.pseudonym,
          readingKey: patient.readingKey,
        },
        requester: { name: person.name, ...(person.institutionName && { institution: person.institutionName }) },
        product,
        dose: order.dose,
        quantity: order.quantity,
        repeats: order.repeats,
        authoredOn: new Date().toISOString(),
        expires: new Date(Date.now() + order.validDays * dayMs).toISOString(),
      }),
    [person.institutionName, person.name],
  );

  /** Composes what stands in the form, so that nobody waits for it after the press. What is not signed goes nowhere. */
  const composeAhead = useCallback(
    (wanted: Wanted) => {
      const composed = compose(wanted);
      // The press composes anew and tells what is wrong.
      composed.catch(() => undefined);
      ahead.current = { wanted: JSON.stringify(wanted), at: Date.now(), composed };
    },
    [compose],
  );

  const issue = useCallback(
    async (wanted: Wanted) => {
      wantedNow.current = wanted;
      setProgress((was) => ({
        ...was,
        stage: 'running',
        problem: undefined,
        steps: { encrypt: was.steps.encrypt === 'done' ? 'done' : 'running', sign: 'pending', mint: 'pending' },
      }));
      const composeNow = async () => {
        const before = ahead.current;
        ahead.current = null;
        const fresh = before?.wanted === JSON.stringify(wanted) && Date.now() - before.at < freshMs;
        const { intent } = await (fresh ? before.composed.catch(() => compose(wanted)) : compose(wanted));
        const { id, cid, contentHash, commitment } = intent.issue;
        setProgress((was) => ({
          ...was,
          prescriptionId: id,
          channel: careChannelOf(id),
          cid,
          contentHash,
          commitment,
          steps: { ...was.steps, encrypt: 'done' },
        }));
        return { intent };
      };
      try {
        const { composed, sagaId, transactionId, blockNumber } = await recording.record(
          wanted.patient.pseudonym,
          'issue',
          composeNow,
          (stage, flow) => {
            if (stage === 'preparing') return;
            setProgress((was) => ({ ...was, sagaId: flow, steps: { ...was.steps, sign: 'running' } }));
          },
        );
        signed.current = composed.intent;
        setProgress((was) => ({
          ...was,
          ...{ stage: 'signed', sagaId, blockNumber, transactionId },
          steps: { encrypt: 'done', sign: 'done', mint: 'pending' },
        }));
        await runMint(composed.intent, sagaId);
      } catch (thrown) {
        const problem = problemOf(thrown);
        setProgress((was) => ({
          ...was,
          stage: 'stopped',
          problem,
          steps: {
            encrypt: was.steps.encrypt === 'done' ? 'done' : 'failed',
            sign: was.steps.encrypt === 'done' ? 'failed' : 'pending',
            mint: 'pending',
          },
        }));
      }
    },
    [compose, recording, runMint],
  );

  const mintAgain = useCallback(() => {
    if (signed.current && progress.sagaId) void runMint(signed.current, progress.sagaId);
  }, [progress.sagaId, runMint]);

  const reset = useCallback(() => {
    recording.forget();
    signed.current = null;
    ahead.current = null;
    setProgress(notBegun);
  }, [recording]);

  return { progress, issue, composeAhead, mintAgain, reset };
}

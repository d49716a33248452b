'use client';

import { useCallback, useRef, useState } from 'react';
import { usePerson } from '#components/shell/ShellContext.tsx';
import { problemOf } from '#components/ui/errors.ts';
import { expectData } from '#components/vault/errors.ts';
import { composePrescription } from '#components/vault/prescription.ts';
import type { IssueIntent } from '#components/vault/prescriptionOperations.ts';
import { transact } from '#components/vault/transact.ts';
import { useMintPrescription } from '#components/wallet/WalletProvider.tsx';
import type { Product } from '#formulary/product.ts';
import type { PatientSummary } from '#server/people/schema.ts';
import { resumeSaga } from '#server/transactions/actions.ts';
import { careChannelOf } from '#server/transactions/schema.ts';
import type { Order } from './dose.ts';
import { type IssueProgress, notBegun } from './progress.ts';
import { useMintStep } from './useMintStep.ts';

const dayMs = 86_400_000;

/** Id of the transaction by which a flow was recorded; undefined while it is not signed. */
async function recordedAs(sagaId: string): Promise<string | undefined> {
  const { steps } = expectData(await resumeSaga(sagaId));
  const sign = steps.find(({ name }) => name === 'sign');
  return sign?.state === 'done' ? (sign.proof ?? '') : undefined;
}

/**
 * Signs a prescription in the person's three steps. What was composed is kept until it is recorded, so that a second
 * press carries on with the same prescription and never makes a second one.
 */
export function useIssue() {
  const person = usePerson();
  const mint = useMintStep(useMintPrescription());
  const [progress, setProgress] = useState<IssueProgress>(notBegun);
  const composed = useRef<IssueIntent | null>(null);
  const flow = useRef<string | null>(null);

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

  const issue = useCallback(
    async ({ patient, product, order }: { patient: PatientSummary; product: Product; order: Order }) => {
      setProgress((was) => ({
        ...was,
        stage: 'running',
        problem: undefined,
        steps: { encrypt: was.steps.encrypt === 'done' ? 'done' : 'running', sign: 'pending', mint: 'pending' },
      }));
      try {
        composed.current ??= (
          await composePrescription({
            patient: {
              name: patient.name,
              birthDate: patient.birthDate,
              identifier: patient.identifier,
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
          })
        ).intent;
        const intent = composed.current;
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
        // The answer to an earlier try may have been lost; then the ledger has the prescription already.
        const recorded = flow.current === null ? undefined : await recordedAs(flow.current);
        if (recorded !== undefined && flow.current !== null) {
          const sagaId = flow.current;
          setProgress((was) => ({
            ...was,
            ...{ stage: 'signed', sagaId, transactionId: recorded },
            steps: { encrypt: 'done', sign: 'done', mint: 'pending' },
          }));
          return await runMint(intent, sagaId);
        }
        const receipt = await transact(intent, (stage, sagaId) => {
          if (stage === 'preparing') return;
          flow.current = sagaId ?? null;
          setProgress((was) => ({ ...was, sagaId, steps: { ...was.steps, sign: 'running' } }));
        });
        setProgress((was) => ({
          ...was,
          stage: 'signed',
          sagaId: receipt.sagaId,
          blockNumber: receipt.blockNumber,
          transactionId: receipt.transactionId,
          steps: { encrypt: 'done', sign: 'done', mint: 'pending' },
        }));
        await runMint(intent, receipt.sagaId);
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
    [person.institutionName, person.name, runMint],
  );

  const mintAgain = useCallback(() => {
    if (composed.current && progress.sagaId) void runMint(composed.current, progress.sagaId);
  }, [progress.sagaId, runMint]);

  const reset = useCallback(() => {
    composed.current = null;
    flow.current = null;
    setProgress(notBegun);
  }, []);

  return { progress, issue, mintAgain, reset };
}

'use client';

import { Flag } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { doubted } from '#epcis/write.ts';
import { t } from '#messages/en.ts';
import type { SupplyBasics, VerifiedPack } from '#server/supply/schema.ts';
import { occasionAt, planOf } from './compose.ts';
import { namesOf } from './names.ts';
import { isAllAccepted, useCapture } from './useCapture.ts';
import { useOwnPlace } from './useOwnPlace.ts';

const text = t.supply.verify.report;

/**
 * Tells the authority of a pack that is not what it seems: the ledger keeps as suspicious what somebody says who has not got
 * it, which raises the alert, and sets apart what the reporter has. Nothing shows for a product that no ledger traces.
 */
export function ReportPack({
  verified: { asked, channel },
  basics,
}: {
  verified: VerifiedPack;
  basics: Pick<SupplyBasics, 'own' | 'products' | 'sites'>;
}) {
  const { capture, recorded, busy, problem, isBegun } = useCapture();
  const [site] = useOwnPlace(basics.own);
  if (channel === undefined || site === '') return null;
  if (recorded !== null) {
    // Refused is what it should be: the reporter has not got what the ledger calls by this number.
    const held = isAllAccepted(recorded);
    return (
      <Notice tone="ok" title={held ? text.held : text.done} live="status">
        {held ? text.heldBody : text.doneBody}
      </Notice>
    );
  }
  const item = { kind: 'pack' as const, gtin: asked.gtin, serial: asked.serial };
  const report = () =>
    capture(
      () => planOf([{ item, channels: [channel] }], (items) => doubted(occasionAt(site), items)),
      namesOf(basics),
    );
  return (
    <>
      {problem && <ProblemNotice problem={problem} kept={isBegun() ? t.supply.outcome.carryOn : undefined} />}
      <Button look="danger" icon={Flag} busy={busy} onClick={() => void report()}>
        {text.action}
      </Button>
    </>
  );
}

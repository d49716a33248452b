import { BadgeCheck, Fingerprint } from 'lucide-react';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { Delegations } from '#server/delegations/schema.ts';
import type { KeysView } from '#server/people/schema.ts';
import type { SessionView } from '#server/session/schema.ts';
import { DelegationPanel } from './DelegationPanel.tsx';
import { ReenrolmentNotice } from './ReenrolmentNotice.tsx';
import { RotationPanel } from './RotationPanel.tsx';
import { SecondFactorPanel } from './SecondFactorPanel.tsx';
import { SessionPanel } from './SessionPanel.tsx';
import { VaultPanel } from './VaultPanel.tsx';
import { WalletPanel } from './WalletPanel.tsx';

const text = t.keys;

/** A person's second factors, wallets, public keys, certificate, and what opens the keys. */
export function KeysScreen({
  keys,
  sessions,
  delegations,
}: {
  keys: KeysView;
  sessions: SessionView[];
  /** Null for roles that delegate nothing. */
  delegations: Delegations | 'unavailable' | null;
}) {
  const { certificate } = keys;
  return (
    <div className="grid items-start gap-5 xl:grid-cols-[1.4fr_1fr]">
      <div className="space-y-5">
        {keys.recorded === false && (
          <Notice tone="danger" title={text.fingerprints.different}>
            <p>{text.fingerprints.differentBody}</p>
          </Notice>
        )}
        {keys.reenrolment && <ReenrolmentNotice reenrolment={keys.reenrolment} />}
        <SecondFactorPanel credentials={keys.credentials} />
        {delegations === 'unavailable' && (
          <Notice tone="info" title={text.delegations.title}>
            <p>{text.wallets.unknown}</p>
          </Notice>
        )}
        {delegations && delegations !== 'unavailable' && <DelegationPanel delegations={delegations} />}
        <WalletPanel wallets={keys.wallets} />
        <Panel labelledBy="fingerprints">
          <PanelHead
            id="fingerprints"
            title={text.fingerprints.title}
            remark={text.fingerprints.remark}
            icon={Fingerprint}
            aside={
              keys.recorded && (
                <Pill tone="ok" icon={BadgeCheck}>
                  {text.fingerprints.recorded}
                </Pill>
              )
            }
          />
          <Facts
            rows={[
              {
                name: text.fingerprints.signing,
                value: <Hash>{keys.signingKeyHash}</Hash>,
                copy: keys.signingKeyHash,
              },
              {
                name: text.fingerprints.reading,
                value: <Hash>{keys.readingKeyHash}</Hash>,
                copy: keys.readingKeyHash,
              },
            ]}
          />
        </Panel>
      </div>
      <div className="space-y-5">
        <VaultPanel />
        <RotationPanel />
        <SessionPanel sessions={sessions} />
        <Panel labelledBy="certificate">
          <PanelHead
            id="certificate"
            title={text.certificate.title}
            remark={text.certificate.remark}
            icon={BadgeCheck}
          />
          <Facts
            rows={[
              {
                name: text.certificate.subject,
                value: <Hash>{certificate.subjectId}</Hash>,
                copy: certificate.subjectId,
              },
              { name: text.certificate.organisation, value: certificate.mspId },
              { name: text.certificate.serial, value: <Hash>{certificate.serial}</Hash> },
              { name: text.certificate.from, value: <Time as="date" value={certificate.validFrom} /> },
              { name: text.certificate.until, value: <Time as="date" value={certificate.validUntil} /> },
            ]}
          />
        </Panel>
      </div>
    </div>
  );
}

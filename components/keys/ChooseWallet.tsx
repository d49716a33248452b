'use client';

import { WalletMinimal } from 'lucide-react';
import type { Connector } from 'wagmi';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { t } from '#messages/en.ts';

const text = t.keys.wallets;

/** The wallets of this browser, to choose one to link; closed while `wallets` is null. */
export function ChooseWallet({
  wallets,
  chainDown,
  onChoose,
  onClose,
}: {
  wallets: Connector[] | null;
  chainDown: boolean;
  onChoose: (connector: Connector) => void;
  onClose: () => void;
}) {
  return (
    <Dialog
      open={wallets !== null}
      onOpenChange={(open) => !open && onClose()}
      title={text.chooseTitle}
      description={text.chooseBody}
      closeLabel={t.shell.close}
    >
      <div className="space-y-2">
        {wallets?.map((connector) => (
          <Button key={connector.uid} wide icon={WalletMinimal} onClick={() => onChoose(connector)}>
            {connector.name}
          </Button>
        ))}
        {wallets?.length === 0 && (
          <Notice tone="warn" title={chainDown ? text.chainDown : text.noneTitle}>
            {!chainDown && <p>{text.noneBody}</p>}
          </Notice>
        )}
      </div>
    </Dialog>
  );
}

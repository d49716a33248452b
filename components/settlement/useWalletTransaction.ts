'use client';

import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useWalletConfig } from '#components/wallet/WalletProvider.tsx';
import { type WalletOrder, type WalletState, WalletTransaction } from './walletTransaction.ts';

const idle: WalletState = { step: 'idle' };
const nothing = () => () => {};
const before = () => idle;

/**
 * One thing that a person sends by a wallet. `key` says what it is for, the same after a reload (`withdraw/inst-…/0x…`): what was sent
 * under it is found again and waited for. `onDone` is called when it is in a block.
 */
export function useWalletTransaction(key: string, onDone: () => void = () => {}) {
  const config = useWalletConfig();
  const transaction = useMemo(() => (config === null ? null : new WalletTransaction(config, key)), [config, key]);
  const state = useSyncExternalStore(transaction?.subscribe ?? nothing, transaction?.state ?? before, before);
  const leaving = useRef<AbortController>(undefined);
  const done = useRef(onDone);
  done.current = onDone;

  useEffect(() => {
    const page = new AbortController();
    leaving.current = page;
    void transaction?.resume(page.signal);
    return () => page.abort();
  }, [transaction]);
  useEffect(() => {
    if (state.step === 'done') done.current();
  }, [state]);

  return {
    state,
    /** False while the Ethereum chain does not answer. */
    isAvailable: transaction !== null,
    isBusy: !['idle', 'unsure', 'done', 'failed'].includes(state.step),
    send: async (order: WalletOrder) => transaction?.send(order, leaving.current?.signal),
    look: async () => transaction?.resume(leaving.current?.signal),
    close: () => transaction?.close(),
  };
}

export type WalletTransactionInPage = ReturnType<typeof useWalletTransaction>;

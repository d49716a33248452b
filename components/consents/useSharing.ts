'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ConsentTerms, FullConsent, FullConsentRequest } from '#chaincode/model/consent.ts';
import { type OwnerOf, openOwn } from '#components/records/openRecord.ts';
import { useSigned } from '#components/signing/useSigned.ts';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { vaultClient } from '#components/vault/client.ts';
import { findClaims } from '#components/vault/records.ts';
import { useVault } from '#components/vault/VaultProvider.tsx';
import { newCareId } from '#crypto/identifier.ts';
import { t } from '#messages/en.ts';
import type { RecordFacts } from '#server/records/schema.ts';
import { findEscrow, giveKeys, readersBeside } from './giveKeys.ts';
import { isUnopened, namesIn, type ReadSharing, readSharing } from './readSharing.ts';

export type SharingState =
  | { state: 'locked' }
  | { state: 'reading' }
  /** The record has no keys yet. */
  | { state: 'unopened' }
  | { state: 'failed'; problem: Problem }
  | { state: 'read'; sharing: ReadSharing };

/** Who may read a record, as its owner has said it, and the ways to change that. Each way throws what prevented it. */
export function useSharing(facts: RecordFacts, self: string) {
  const vault = useVault();
  const signed = useSigned();
  const [state, setState] = useState<SharingState>({ state: 'reading' });
  const turn = useRef(0);
  const { pseudonym, enrolled, name, reach } = facts;
  const owner = useMemo<OwnerOf>(() => ({ facts: { pseudonym, enrolled }, self }), [pseudonym, enrolled, self]);
  const isOpen = vault.state === 'open';

  const load = useCallback(async (): Promise<ReadSharing | undefined> => {
    const mine = ++turn.current;
    try {
      const sharing = await readSharing(owner.facts);
      if (mine === turn.current) setState({ state: 'read', sharing });
      return sharing;
    } catch (thrown) {
      if (mine !== turn.current) return undefined;
      setState(isUnopened(thrown) ? { state: 'unopened' } : { state: 'failed', problem: problemOf(thrown) });
      return undefined;
    }
  }, [owner]);

  useEffect(() => {
    if (isOpen) {
      setState({ state: 'reading' });
      void load();
    } else {
      turn.current += 1;
      setState({ state: vault.state === 'opening' ? 'reading' : 'locked' });
    }
  }, [isOpen, vault.state, load]);

  const sharing = state.state === 'read' ? state.sharing : undefined;
  const names = useMemo<Record<string, string>>(
    () => ({ ...(sharing && namesIn(sharing)), [pseudonym]: reach === 'own' ? t.recordPages.yourself : name }),
    [sharing, pseudonym, name, reach],
  );

  /** Keys that are due are given, by what is recorded by now. */
  const follow = async (): Promise<void> => {
    const present = await load();
    if (present === undefined) return;
    const record = await openOwn(owner, signed, names);
    await giveKeys(self, record, present, { signed, names: { ...names, ...namesIn(present) } });
  };

  const grant = async (terms: ConsentTerms, granted: { name: string; answers?: string }): Promise<void> => {
    const known = { ...names, [terms.grantee.id]: granted.name };
    await openOwn(owner, signed, known);
    const [reader] = terms.decision === 'permit' ? await findClaims([terms.grantee.id]) : [];
    const { answers } = granted;
    const asked = { patient: pseudonym, terms, ...(answers && { answers }), ...(reader && { reader }) };
    await signed(await vaultClient().call('grantConsent', asked), { names: known, sheet: 'factorOnly' });
    await load();
  };

  const revoke = async ({ id, terms }: FullConsent): Promise<void> => {
    if (sharing === undefined) return;
    await openOwn(owner, signed, names);
    const left = { ...sharing, consents: sharing.consents.filter((consent) => consent.id !== id) };
    const [escrow, readers] = await Promise.all([
      findEscrow(),
      readersBeside(self, left, terms.decision === 'permit' ? terms.categories : [], { at: new Date(), names }),
    ]);
    const ended = { id, patient: pseudonym, terms, readers, escrow };
    await signed(await vaultClient().call('revokeConsent', ended), { names, sheet: 'factorOnly' });
    await follow();
  };

  const decline = async ({ id }: FullConsentRequest): Promise<void> => {
    await signed({ kind: 'consents:decline', id }, { names, sheet: 'factorOnly' });
    await load();
  };

  const appoint = async (who: { pseudonym: string; name: string }, until: string | undefined): Promise<void> => {
    const known = { ...names, [who.pseudonym]: who.name };
    await openOwn(owner, signed, known);
    const appointment = {
      ...{ id: newCareId('rep', pseudonym), patient: pseudonym, representative: who.pseudonym },
      ...(until !== undefined && { until }),
    };
    await signed({ kind: 'patients:appoint', appointment }, { names: known, sheet: 'factorOnly' });
    await follow();
  };

  const endRepresentation = async (id: string, reason: string): Promise<void> => {
    await signed({ kind: 'patients:endRepresentation', id, reason }, { names, sheet: 'factorOnly' });
    await follow();
  };

  return { state, names, reload: load, grant, revoke, decline, appoint, endRepresentation };
}

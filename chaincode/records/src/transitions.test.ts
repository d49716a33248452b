import { expect, it } from 'vitest';
import { storedDocument } from '../../model/healthRecord.ts';
import { thrownCode } from '../../testing/ledger.ts';
import { type DocumentAction, documentActions, retract, supersede } from './transitions.ts';

const document = (state: 'current' | 'superseded' | 'retracted') =>
  storedDocument.parse({
    id: `doc-0-${'a'.repeat(26)}`,
    patient: `pt-0-${'b'.repeat(26)}`,
    cid: `b${'a'.repeat(58)}`,
    contentHash: 'c'.repeat(64),
    attachments: [],
    keyCommitment: 'd'.repeat(43),
    signature: 'e'.repeat(96),
    author: `prac-${'f'.repeat(26)}`,
    at: '2026-05-01T12:00:00.000Z',
    version: 1,
    state,
  });
const act = { supersede, retract: (given: ReturnType<typeof document>) => retract(given, 'entered in error') };

/** By hand. */
const leadsTo: Record<'current' | 'superseded' | 'retracted', Record<DocumentAction, string | undefined>> = {
  current: { supersede: 'superseded', retract: 'retracted' },
  superseded: { supersede: undefined, retract: 'retracted' },
  retracted: { supersede: undefined, retract: undefined },
};

const cases = storedDocument.shape.state.options.flatMap((state) =>
  documentActions.map((action) => ({ state, action })),
);
it.each(cases)('$state, $action', ({ state, action }) => {
  const expected = leadsTo[state][action];
  if (expected === undefined) {
    expect(thrownCode(() => act[action](document(state)))).toBe('WRONG_STATE');
    return;
  }
  const next = act[action](document(state));
  expect(next).toEqual({
    ...document(state),
    state: expected,
    ...(action === 'retract' && { reason: 'entered in error' }),
    version: 2,
  });
});

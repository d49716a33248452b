import { LedgerError } from '../../model/errors.ts';
import type { StoredDocument } from '../../model/healthRecord.ts';

/** The state machine of a document: pure, without storage and without the question who may do it. */

export const documentActions = ['supersede', 'retract'] as const;
export type DocumentAction = (typeof documentActions)[number];
type DocumentState = StoredDocument['state'];

/** An older version can be retracted too: it is shown as one that should not have been. */
export const transitions: Record<DocumentState, Partial<Record<DocumentAction, DocumentState>>> = {
  current: { supersede: 'superseded', retract: 'retracted' },
  superseded: { retract: 'retracted' },
  retracted: {},
};

function move(document: StoredDocument, action: DocumentAction, change: Partial<StoredDocument> = {}): StoredDocument {
  const state = transitions[document.state][action];
  if (!state) throw new LedgerError('WRONG_STATE', `${document.id} is ${document.state}`);
  return { ...document, ...change, state, version: document.version + 1 };
}

/** Another document takes its place. Throws WRONG_STATE. */
export function supersede(document: StoredDocument): StoredDocument {
  return move(document, 'supersede');
}

/** It was entered in error. Throws WRONG_STATE. */
export function retract(document: StoredDocument, reason: string): StoredDocument {
  return move(document, 'retract', { reason });
}

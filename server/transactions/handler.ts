import type { Portal } from '#server/portal.ts';
import type { Actor, Role } from '../people/schema.ts';
import type { Saga } from '../sagas/store.ts';

/** Who acts; certificate, organisation and name on the ledger. */
export interface FlowPerson {
  mspId: string;
  certificatePem: string;
  subjectId: string;
}

/** What only the server knows of a kind of transaction. */
export interface Handler<Intent> {
  /** Who may ask for it; the contract judges again, by the exact key. */
  roles: readonly Role[];
  /** Refuses early what the contract would refuse, and what only the portal can know. */
  check?(portal: Portal, actor: Actor, intent: Intent, now: Date): Promise<void>;
  /** Encrypted bytes that the flow stores before it is signed, checked against what the intent says of them. */
  envelope?(intent: Intent): Uint8Array;
  /**
   * True when the ledger's state already shows what the flow wanted to do: that is how an answer that was lost on the way is
   * found again. Throws NOT_FOUND where its subject does not exist, LEDGER_UNAVAILABLE.
   */
  shows(portal: Portal, saga: Saga, person: FlowPerson): Promise<boolean>;
  /** Brings the read model to what the ledger has now and answers what proves it. Throws LEDGER_UNAVAILABLE. */
  publish?(portal: Portal, saga: Saga, person: FlowPerson): Promise<string>;
  /** Nothing that its person does next is read from what is published: the answer does not wait for it. */
  follows?: true;
}

/** The handlers of a domain, by kind. */
export type Handlers<Intent extends { kind: string }> = {
  [Kind in Intent['kind']]: Handler<Extract<Intent, { kind: Kind }>>;
};

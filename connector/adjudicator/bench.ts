import type { Plan } from '#chaincode/model/plan.ts';
import { FormularyList } from '#formulary/coverage.ts';
import type { Documents } from '../ipfs/documents.ts';
import type { ConnectorLog } from '../log.ts';
import type { ClaimsLedger } from './claimsLedger.ts';
import type { Bench } from './judging.ts';
import { KnownClaims } from './known.ts';
import type { Tokens } from './tokens.ts';

/** The formulary changes by the authority's word, a few times a year. */
const listForMs = 60_000;

export interface BenchOptions {
  device: string;
  insurer: string;
  /** 32 bytes; secret. */
  readingSeed: Uint8Array;
  ledger: ClaimsLedger;
  documents: Documents;
  tokens: Tokens;
  log: Pick<ConnectorLog, 'warn'>;
}

export function createBench(options: BenchOptions): Bench {
  const { device, insurer, readingSeed, documents, tokens, log } = options;
  const ledger = withPlans(options.ledger);
  const opening = { ledger, documents, readingSeed };
  let kept: { list: Promise<FormularyList>; until: number } | undefined;
  const list = async () => {
    if (kept === undefined || kept.until < Date.now()) {
      const read = ledger.formulary().then((entries) => new FormularyList(entries, null));
      kept = { list: read, until: Date.now() + listForMs };
      read.catch(() => {
        kept = undefined;
      });
    }
    return kept.list;
  };
  const known = new KnownClaims({ insurer, ledger, opening, log });
  return { device, insurer, ledger, opening, documents, tokens, known, list };
}

/** A version of a plan never changes. */
function withPlans(ledger: ClaimsLedger): ClaimsLedger {
  const plans = new Map<string, Plan>();
  const plan = async (id: string, version: number) => {
    const key = `${id} ${version}`;
    const found = plans.get(key) ?? (await ledger.plan(id, version));
    plans.set(key, found);
    return found;
  };
  return { ...ledger, plan };
}

import { ConnectorError } from '../errors.ts';
import type { Notary } from './notary.ts';

/** Peers commit a block within moments of one another. */
const rounds = 10;
const pauseMs = 100;

/** How what notaries say is asked for and compared. */
export interface Asking<Said> {
  ask(notary: Notary): Promise<Said>;
  /** The same for two who say the same. */
  keyOf(said: Said): string;
  /** Whose key signed it, in one spelling: who says something twice, through another's notary too, counts once. */
  signerOf(said: Said): string;
  /** Of the prescription; the newest counts. */
  versionOf(said: Said): number;
}

/**
 * Asks every notary what its own peer says, and answers the newest that enough of them say alike. One that lags gets a second to catch
 * up. Throws NOT_FOUND and other refusals where no notary says anything, NOTARIES_DISAGREE where too few say the same.
 */
export async function agree<Said>(
  notaries: readonly Notary[],
  threshold: number,
  asking: Asking<Said>,
): Promise<[Said, ...Said[]]> {
  for (let round = 1; ; round += 1) {
    const outcomes = await Promise.allSettled(notaries.map((notary) => asking.ask(notary)));
    const said = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value);
    const agreed = newestAgreement(said, threshold, asking);
    if (agreed) return agreed;
    const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);
    if (said.length === 0 && failures.length > 0) throw failures.find(isAnswer) ?? failures[0];
    if (round === rounds) {
      const detail = `${said.length} of ${notaries.length} notaries answered, ${threshold} must agree`;
      throw new ConnectorError('NOTARIES_DISAGREE', detail, { cause: failures[0] });
    }
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

/** A refusal of the ledger says more than that somebody is away. */
const isAnswer = (reason: unknown) => reason instanceof ConnectorError && reason.status < 500;

function newestAgreement<Said>(
  said: Said[],
  threshold: number,
  { keyOf, signerOf, versionOf }: Asking<Said>,
): [Said, ...Said[]] | undefined {
  const groups = new Map<string, [Said, ...Said[]]>();
  const once = new Map(said.map((one) => [`${signerOf(one)} ${keyOf(one)}`, one]));
  for (const one of once.values()) {
    const group = groups.get(keyOf(one));
    if (group) group.push(one);
    else groups.set(keyOf(one), [one]);
  }
  return [...groups.values()]
    .filter((group) => group.length >= threshold)
    .sort(([a], [b]) => versionOf(b) - versionOf(a))[0];
}

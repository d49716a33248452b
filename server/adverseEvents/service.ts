import { desc, eq, sql } from 'drizzle-orm';
import { isAsked, reportRecord } from '#chaincode/model/adverseReport.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { adverseReports } from '../gateways/db/schema/adverseEvents.ts';
import { staffOf } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import { institutionClaim } from '../records/readers.ts';
import { allInstitutions } from '../registry/ledger.ts';
import { allowQueue, allowReporting, maySee } from './policy.ts';
import type { AuthorityReader, ReportView } from './schema.ts';

const mostListed = 500;

/** The actor's own reports, newest first. Throws FORBIDDEN. */
export async function ownReports(actor: Actor, portal: Portal = thePortal()): Promise<ReportView[]> {
  allowReporting(actor);
  return listed(portal, eq(adverseReports.reporter, actor.subjectId));
}

/** All reports to the actor's authority, newest first. Throws FORBIDDEN. */
export async function reportQueue(actor: Actor, portal: Portal = thePortal()): Promise<ReportView[]> {
  return listed(portal, eq(adverseReports.to, allowQueue(actor)));
}

async function listed(portal: Portal, which: ReturnType<typeof eq>): Promise<ReportView[]> {
  const rows = await portal.db
    .select({ state: adverseReports.ledgerState })
    .from(adverseReports)
    .where(which)
    .orderBy(desc(adverseReports.at))
    .limit(mostListed);
  const reports = rows.map(({ state }) => reportRecord.parse(state));
  // A patient stays a pseudonym to the authority; staff stand by their word.
  const staff = await staffOf(
    portal,
    reports.flatMap(({ reporter, messages }) => [reporter.id, ...messages.map(({ by }) => by)]),
  );
  return reports.map((report) => ({
    ...report,
    names: Object.fromEntries(
      [report.reporter.id, ...report.messages.map(({ by }) => by)].flatMap((id) => {
        const name = staff.get(id)?.name;
        return name === undefined ? [] : [[id, name]];
      }),
    ),
    asked: isAsked(report),
  }));
}

/** Ciphertext of a message, for the reporter and the authority. Throws NOT_FOUND. */
export async function readMessage(actor: Actor, cid: string, portal: Portal = thePortal()): Promise<Uint8Array> {
  const named = JSON.stringify([{ cid }]);
  const rows = await portal.db
    .select({ state: adverseReports.ledgerState })
    .from(adverseReports)
    .where(sql`${adverseReports.ledgerState} -> 'messages' @> ${named}::jsonb`);
  if (!rows.some(({ state }) => maySee(actor, reportRecord.parse(state)))) {
    throw new AppError('NOT_FOUND', 'no message that the actor may see');
  }
  return portal.ipfs.read(cid);
}

/**
 * The authority to which reports go, with what proves its key; the page checks that itself. Throws NOT_FOUND where no authority
 * has a reading key yet, LEDGER_UNAVAILABLE.
 */
export async function authorityReader(_actor: Actor, portal: Portal = thePortal()): Promise<AuthorityReader> {
  const authorities = (await allInstitutions(portal.ledger)).filter(
    ({ kind, status, reading }) => kind === 'authority' && status === 'active' && reading !== undefined,
  );
  for (const authority of authorities) {
    const claim = await institutionClaim(portal, authority);
    if (claim?.kind === 'institution') return claim;
  }
  throw new AppError('NOT_FOUND', 'no authority has a reading key', {
    message: 'The health authority has no key to which this could be encrypted yet.',
  });
}

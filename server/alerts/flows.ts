import { eq } from 'drizzle-orm';
import type { Portal } from '#server/portal.ts';
import { requireMember } from '../circles/policy.ts';
import { alerts } from '../gateways/db/schema/circles.ts';
import type { Actor } from '../people/schema.ts';
import type { Saga } from '../sagas/store.ts';
import type { FlowPerson, Handlers } from '../transactions/handler.ts';
import type { AlertIntent } from './kinds.ts';
import { readAlert } from './ledger.ts';
import { projectAlerts } from './readModel.ts';

/** A doctor who watches the patient; the contract judges the state. Throws NOT_FOUND. */
async function check(portal: Portal, actor: Actor, { id }: AlertIntent): Promise<void> {
  const [known] = await portal.db.select({ patient: alerts.patient }).from(alerts).where(eq(alerts.id, id));
  const { patient } = known ?? (await readAlert(portal.ledger, id));
  await requireMember(portal, actor, patient);
}

/** Another's doing is not this flow's. */
const showing =
  (who: 'acknowledgedBy' | 'closedBy') =>
  async ({ ledger }: Portal, { row }: Saga, { mspId, subjectId }: FlowPerson): Promise<boolean> =>
    (await readAlert(ledger, row.subject, mspId))[who] === subjectId;

async function publish(portal: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> {
  const entry = await readAlert(portal.ledger, row.subject, mspId);
  await portal.db.transaction((tx) => projectAlerts(tx, row.channel, [entry]));
  return `version ${entry.version}`;
}

export const alertHandlers: Handlers<AlertIntent> = {
  'alerts:acknowledge': { roles: ['doctor'], check, shows: showing('acknowledgedBy'), publish },
  'alerts:close': { roles: ['doctor'], check, shows: showing('closedBy'), publish },
};

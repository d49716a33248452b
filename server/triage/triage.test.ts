import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { roles } from '../people/schema.ts';
import { follow, type Readers, suppliedPortal } from '../testing/suppliedPortal.ts';
import { depot, gtin, hill, hour, serials, sscc } from '../testing/suppliedWorld.ts';
import { blockOf, captureOf, containerEpc, packEpc, sample } from '../testing/supplyChain.ts';
import type { World } from '../testing/world.ts';
import { listAlerts } from '../trace/reading/alerts.ts';
import { overview } from '../trace/reading/overview.ts';
import { alertFilter, type TriageState } from '../trace/schema.ts';
import { decideAlert, noteOnAlert, readCase } from './service.ts';

let world: World;
let readers: Readers;
let id: string;

const open = (filter = {}) => listAlerts(readers.regulator.actor, alertFilter.parse(filter), world.portal);

beforeAll(async () => {
  ({ world, readers } = await suppliedPortal());
  id = (await open({ rule: 'duplicateSerial' })).alerts[0]?.id ?? '';
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );
const decide = (to: Exclude<TriageState, 'new'>, version: number) =>
  decideAlert(readers.regulator.actor, { id, to, version, note: `is ${to} now` }, world.portal);

describe('triage', () => {
  it.each(roles.filter((role) => role !== 'regulator'))('is not for a %s', async (role) => {
    const actor = { ...readers.regulator.actor, role };
    const { portal } = world;
    expect(await code(readCase(actor, { id }, portal))).toBe('FORBIDDEN');
    expect(await code(decideAlert(actor, { id, to: 'suspect', version: 0, note: 'why' }, portal))).toBe('FORBIDDEN');
    expect(await code(noteOnAlert(actor, { id, note: 'why' }, portal))).toBe('FORBIDDEN');
  });

  it('goes step by step, with a clock from the determination on, and keeps who said what', async () => {
    expect(await code(decide('reported', 0))).toBe('WRONG_STATE');
    expect((await decide('suspect', 0)).next).toEqual(['investigated', 'closed']);
    await noteOnAlert(readers.regulator.actor, { id, note: 'asked both pharmacies for the packs' }, world.portal);
    await decide('investigated', 1);
    const determined = await decide('illegitimate', 2);
    expect(Date.parse(determined.alert.noticeDueAt ?? '') - Date.parse(determined.determinedAt ?? '')).toBe(86_400_000);
    expect((await overview(readers.regulator.actor, {}, world.portal)).noticesDue).toEqual([
      determined.alert.noticeDueAt,
    ]);
    const reported = await decide('reported', 3);
    expect(reported.alert.noticeDueAt).toBeNull();
    expect((await overview(readers.regulator.actor, {}, world.portal)).noticesDue).toEqual([]);
    const closed = await decide('closed', 4);
    expect(closed.next).toEqual([]);
    expect(closed.notes.map(({ state }) => state)).toEqual([
      'suspect',
      null,
      'investigated',
      'illegitimate',
      'reported',
      'closed',
    ]);
    expect(closed.notes.every(({ by }) => by.name === 'Ingrid Kallio')).toBe(true);
    expect(closed.event).toMatchObject({ channel: 'supply-0', block: 8 });
    expect(closed.rule.source).toContain('2016/161');
    expect((await open()).alerts.map((alert) => alert.id)).not.toContain(id);
    expect((await open({ state: 'closed' })).alerts.map((alert) => alert.id)).toEqual([id]);
  });

  it('refuses what was decided on another version, and an alert that there is not', async () => {
    expect(await code(decide('suspect', 0))).toBe('CONFLICT');
    const other = (await open()).alerts[0]?.id ?? '';
    const both = ['suspect', 'suspect'].map(() =>
      code(
        decideAlert(readers.regulator.actor, { id: other, to: 'suspect', version: 0, note: 'at once' }, world.portal),
      ),
    );
    expect((await Promise.all(both)).sort()).toEqual(['CONFLICT', undefined]);
    expect(await code(readCase(readers.regulator.actor, { id: 'f'.repeat(32) }, world.portal))).toBe('NOT_FOUND');
  });
});

describe('what an alert is about', () => {
  it('is the one pack that it names, or all that its event names', async () => {
    const { portal } = world;
    const { actor } = readers.regulator;
    const { alert, things } = await readCase(actor, { id }, portal);
    expect(things).toEqual({ items: [{ kind: 'pack', gtin, serial: alert.serial }], leftOut: 0 });
    const at = hour(90);
    const epcs = serials.slice(0, 3).map((serial) => packEpc(gtin, serial));
    const sent = sample.ship(at, hill.site, [...epcs, containerEpc(sscc.case)], depot.site);
    await follow(world, [
      blockOf(12, captureOf(hill.id, at, [[sent, { outcome: 'refused', code: 'HELD_BY_ANOTHER' }]])),
    ]);
    const [broken] = (await open({ rule: 'brokenCustody' })).alerts;
    const known = await readCase(actor, { id: broken?.id ?? '' }, portal);
    expect(known.things.leftOut).toBe(0);
    expect(known.things.items.map((item) => (item.kind === 'pack' ? item.serial : item.sscc)).sort()).toEqual(
      [...serials.slice(0, 3), sscc.case].sort(),
    );
  });
});

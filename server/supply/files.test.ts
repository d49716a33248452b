import { describe, expect, it } from 'vitest';
import { epcisContext } from '#epcis/namespaces.ts';
import { commissioned, held } from '#epcis/write.ts';
import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';
import { checkFile } from './files.ts';

const occasion = { at: new Date('2026-01-10T12:00:00Z'), timeZoneOffset: '+01:00', site: '9506000010014' };
const pack = { gtin: '09506000134352', serial: 'A1' };
const documentOf = (...eventList: unknown[]) => ({
  ...{ '@context': [epcisContext], type: 'EPCISDocument', schemaVersion: '2.0' },
  ...{ creationDate: '2026-01-10T12:00:00Z', epcisBody: { eventList } },
});
const of = (role: Role): Actor => ({
  ...{ personId: 'p', sessionId: 's', role, name: 'N', subjectId: 'prac-x', institutionId: 'inst-x' },
  ...{ institutionName: null, mspId: 'SupplyMSP', enrolled: true },
});
const check = (value: unknown, role: Role = 'supplier') =>
  checkFile(of(role), { text: typeof value === 'string' ? value : JSON.stringify(value) });
const { eventID: _, ...hold } = held(occasion, [pack]);

describe('a file of events', () => {
  it('is fine where the standard takes it', async () => {
    expect(await check(documentOf(hold, hold))).toEqual({ count: 0, faults: [] });
    expect(await check(`\uFEFF${JSON.stringify(documentOf(hold))}`)).toEqual({ count: 0, faults: [] });
  });

  it.each<[string, unknown, string]>([
    ['no JSON', '{"type": ', ''],
    ['no EPCIS', { a: 1 }, '/@context'],
    ['no event', documentOf(), '/epcisBody'],
    [
      'a wrong check digit',
      documentOf(hold, { ...hold, epcList: ['https://id.gs1.org/01/09506000134353/21/A'] }),
      '/epcisBody/eventList/1/epcList/0',
    ],
    ['a time of no calendar', documentOf({ ...hold, eventTime: 'yesterday' }), '/epcisBody/eventList/0/eventTime'],
    ['too many events', documentOf(...Array.from({ length: 2_001 }, () => hold)), '/epcisBody/eventList'],
  ])('is refused with a pointer to %s', async (_name, value, pointer) => {
    const { count, faults } = await check(value);
    expect(count).toBeGreaterThan(0);
    expect(faults[0]?.pointer).toBe(pointer);
  });

  it('is refused where a step is not for the role, before anything is signed', async () => {
    const making = commissioned(occasion, { gtin: pack.gtin, serials: ['A1'], batch: 'B', expiry: '2029-06-30' });
    const { faults } = await check(documentOf(hold, making), 'pharmacist');
    expect(faults).toEqual([
      { pointer: '/epcisBody/eventList/1/bizStep', message: 'This step is not for your role to record.' },
    ]);
  });

  it('is looked at for those alone who have packs', async () => {
    for (const role of ['doctor', 'patient', 'regulator', 'admin', 'insurer'] as const) {
      const refusal = await check(documentOf(hold), role).catch((error: unknown) => error);
      expect(refusal instanceof AppError && refusal.code).toBe('FORBIDDEN');
    }
  });
});

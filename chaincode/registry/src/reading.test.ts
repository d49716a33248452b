import { beforeEach, describe, expect, it } from 'vitest';
import type { Institution, Page, Practitioner, Standing } from '../../model/registry.ts';
import { refusal } from '../../testing/ledger.ts';
import { institutionOf, institutions, serial } from '../../testing/samples.ts';
import { createWorld, practitionerIdOf, staffNames, type World } from '../../testing/world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const evaluate = <T>(name: string, ...args: string[]) =>
  world.ledger.evaluate<T>({
    channel: 'registry',
    contract: 'registry',
    function: name,
    args,
    caller: world.people.service,
  });

describe('reads', () => {
  it('find a person by exact key, with the institution', async () => {
    const found = await evaluate<Standing>('readPractitionerByKey', world.people.pharmacist.keys.signingKeyHash);
    expect(found.practitioner.id).toBe(practitionerIdOf('pharmacist'));
    expect(found.institution.id).toBe(institutionOf('pharmacy').id);
    expect(await evaluate('readStanding', practitionerIdOf('pharmacist'))).toEqual(found);
  });

  it('refuse what is unknown or malformed', async () => {
    expect(await refusal(evaluate('readInstitution', 'inst-nowhere-at-all'))).toBe('NOT_FOUND');
    expect(await refusal(evaluate('readInstitution', 'x'))).toBe('INVALID_ARGUMENT');
    expect(await refusal(evaluate('readPractitioner', `prac-${serial(999)}`))).toBe('NOT_FOUND');
    expect(await refusal(evaluate('readPractitioner', 'x'))).toBe('INVALID_ARGUMENT');
    expect(await refusal(evaluate('readStanding', `prac-${serial(999)}`))).toBe('NOT_FOUND');
    expect(await refusal(evaluate('readStanding', 'x'))).toBe('INVALID_ARGUMENT');
    expect(await refusal(evaluate('readPractitionerByKey', 'a'.repeat(64)))).toBe('NOT_REGISTERED');
    expect(await refusal(evaluate('readPractitionerByKey', 'x'))).toBe('INVALID_ARGUMENT');
  });

  it('list institutions page by page', async () => {
    const seen: string[] = [];
    let bookmark = '';
    do {
      const page = await evaluate<Page<Institution>>('listInstitutions', '4', bookmark);
      expect(page.items.length).toBeLessThanOrEqual(4);
      seen.push(...page.items.map(({ id }) => id));
      bookmark = page.bookmark;
    } while (bookmark !== '');
    expect(seen.sort()).toEqual(
      Object.values(institutions)
        .map(({ id }) => id)
        .sort(),
    );
  });

  it('list nobody where there is nobody', async () => {
    const nowhere = await evaluate<Page<Practitioner>>('listPractitioners', 'inst-nowhere-at-all', '100', '');
    expect(nowhere).toEqual({ items: [], bookmark: '' });
  });

  it('list the staff of one institution only', async () => {
    const page = await evaluate<Page<Practitioner>>('listPractitioners', institutionOf('pharmacy').id, '100', '');
    expect(page.items.map(({ id }) => id).sort()).toEqual(
      (['pharmacist', 'colleague', 'pharmacyAdmin'] as const).map(practitionerIdOf).sort(),
    );
    expect(page.bookmark).toBe('');
    expect(staffNames.length).toBeGreaterThan(page.items.length);
  });

  it('refuse a page size out of bounds and a bookmark of another list', async () => {
    for (const size of ['0', '101', '-1', '1.5', '', 'ten']) {
      expect(await refusal(evaluate('listInstitutions', size, ''))).toBe('INVALID_ARGUMENT');
    }
    const elsewhere = `\u0000staff\u0000${institutionOf('hospital').id}\u0000`;
    expect(await refusal(evaluate('listInstitutions', '10', elsewhere))).toBe('INVALID_ARGUMENT');
    expect(await refusal(evaluate('listPractitioners', institutionOf('pharmacy').id, '10', elsewhere))).toBe(
      'INVALID_ARGUMENT',
    );
    expect(await refusal(evaluate('listPractitioners', 'x', '10', ''))).toBe('INVALID_ARGUMENT');
  });
});

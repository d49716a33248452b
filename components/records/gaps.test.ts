import { expect, it } from 'vitest';
import type { Category } from '#chaincode/model/category.ts';
import type { ChartCategory } from '#components/vault/chartOperations.ts';
import type { UnlockedCategory } from '#components/vault/unlockOperations.ts';
import { gapsOf } from './gaps.ts';

const none = { problems: [], allergies: [], medicines: [], latest: [], newest: [] };
const read = (category: Category, unopened: string[] = []): ChartCategory => ({
  ...{ category, documents: 1, segments: [], incomplete: false },
  unopened: unopened.map((code) => ({ id: 'doc-0', category, problem: { code, message: '', detail: '' } })),
});

function gaps(unlocked: UnlockedCategory[], categories: ChartCategory[], withheld: Category[] = []) {
  const source = { patient: 'pt-0', views: [], certificates: [] };
  return gapsOf({ record: { source, unlocked, withheld }, screen: none, categories });
}

it('names nothing of a record that is open', () => {
  expect(gaps([{ category: 'clinical', state: 'open' }], [read('clinical')])).toEqual({
    ...{ hidden: [], refused: [], behind: [], byInstitution: [], unopened: [], incomplete: false },
  });
});

it('hides a part without a key like one that is not shared, and does not call it altered', () => {
  const found = gaps([{ category: 'results', state: 'locked' }], [read('results', ['KEY_MISSING'])], ['hiv']);
  expect(found).toMatchObject({ hidden: ['results', 'hiv'], behind: ['results'], refused: [], unopened: [] });
});

it('names a part for which the institution has not given its key', () => {
  const problem = { code: 'INSTITUTION_LOCKED', message: '', detail: '' };
  const found = gaps(
    [{ category: 'clinical', state: 'refused', problem }],
    [{ category: 'clinical', problem: { ...problem, code: 'KEY_MISSING' } }],
  );
  expect(found).toMatchObject({ hidden: ['clinical'], byInstitution: ['clinical'], refused: [], behind: [] });
});

it('calls refused what does not check, whichever of its parts', () => {
  const altered = { code: 'ALTERED', message: '', detail: '' };
  const found = gaps(
    [
      { category: 'clinical', state: 'refused', problem: altered },
      { category: 'results', state: 'open' },
      { category: 'medication', state: 'behind' },
    ],
    [read('clinical', ['NOT_OPENED']), { category: 'results', problem: altered }, read('medication', ['ALTERED'])],
  );
  expect(found.refused).toEqual(['clinical', 'results']);
  expect(found.hidden).toEqual(['clinical', 'results']);
  expect(found.unopened.map(({ category }) => category)).toEqual(['clinical', 'medication']);
});

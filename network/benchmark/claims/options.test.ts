import { expect, it } from 'vitest';
import { StepError } from '../../step.ts';
import { parseOptions } from './options.ts';

it('measures the size that the project promises unless told otherwise', () => {
  expect(parseOptions([])).toEqual({ claims: 5_000, questions: 100, alone: 20, together: 100, part: 'all', seed: 1 });
  expect(parseOptions(['--claims', '300', '--part', 'reconcile'])).toMatchObject({ claims: 300, part: 'reconcile' });
});

it.each([['--claims', 'many'], ['--claims', '5'], ['--part', 'half'], ['--else']])(
  'says what is wrong with %s %s',
  (...args) => {
    expect(() => parseOptions(args.filter(Boolean))).toThrow(StepError);
  },
);

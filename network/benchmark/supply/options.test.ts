import { expect, it } from 'vitest';
import { StepError } from '../../step.ts';
import { parseOptions } from './options.ts';

it('measures the size that the project promises unless told otherwise', () => {
  expect(parseOptions([])).toEqual({ events: 1_000_000, rounds: 100, pages: 50, part: 'all' });
  expect(parseOptions(['--events', '5000', '--part', 'model'])).toMatchObject({ events: 5_000, part: 'model' });
});

it.each([['--events', 'many'], ['--events', '5'], ['--part', 'half'], ['--else']])(
  'says what is wrong with %s %s',
  (...args) => {
    expect(() => parseOptions(args.filter(Boolean))).toThrow(StepError);
  },
);

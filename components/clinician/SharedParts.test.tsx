import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import type { PermittedNow } from '#chaincode/model/consent.ts';
import { SharedParts } from './SharedParts.tsx';

const nothing = () => {};
const shown = (...permitted: PermittedNow[]) =>
  renderToStaticMarkup(
    <SharedParts shared={{ state: 'known', permitted, ask: nothing }} onNear={nothing} onOpen={nothing} />,
  );

it('says that nothing is shared, and never that there is nothing', () => {
  const said = shown();
  expect(said).toContain('Nothing of this record is shared with you');
  expect(said).toContain('or whether there is anything, is not said');
  expect(said).not.toContain('I am treating');
});

it('names the parts of each purpose, and opens each by stating it', () => {
  const said = shown(
    { purpose: 'TREAT', categories: ['clinical', 'results'] },
    { purpose: 'HRESCH', categories: ['results'] },
  );
  expect(said).toContain('problems, allergies and treatments and results');
  expect(said).toContain('I am treating: open');
  expect(said).toContain('Open for research');
  expect(said).not.toContain('Open for billing');
  expect(said).not.toContain('Nothing of it is shared with you for treatment');
});

it('does not let what is shared for another purpose pass for treatment', () => {
  const said = shown({ purpose: 'HRESCH', categories: ['results'] });
  expect(said).toContain('Nothing of it is shared with you for treatment');
  expect(said).not.toContain('I am treating: open');
});

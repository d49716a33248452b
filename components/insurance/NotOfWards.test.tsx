import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { t } from '#messages/en.ts';
import { NotOfWards } from './NotOfWards.tsx';

const text = t.insurance.ward;

it('somebody who acts for another is told why bills do not open, and what to do, with or without an account of that person', () => {
  const ward = renderToStaticMarkup(<NotOfWards name="Elin Berg" enrolled={false} />);
  const grown = renderToStaticMarkup(<NotOfWards name="Elin Berg" enrolled />);
  for (const said of [ward, grown]) expect(said).toContain(text.why);
  expect(ward).toContain(text.none('Elin Berg'));
  expect(grown).toContain(text.own('Elin Berg'));
  for (const way of text.ways) expect([ward.includes(way), grown.includes(way)]).toEqual([true, false]);
  for (const way of text.waysOwn) expect([ward.includes(way), grown.includes(way)]).toEqual([false, true]);
});

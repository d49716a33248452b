import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { Ago } from './Ago.tsx';

const value = '2027-03-01T10:00:00.000Z';
const after = (minutes: number) => Date.parse(value) + minutes * 60_000;

it('says how long ago an instant is, and which', () => {
  expect(renderToStaticMarkup(<Ago value={value} now={after(3)} />)).toBe(`<time dateTime="${value}">3 min ago</time>`);
});

it('says of what has happened that it is now where the clock of the page is behind, and of what is due how soon', () => {
  expect(renderToStaticMarkup(<Ago value={value} now={after(-0.2)} />)).toContain('>now<');
  expect(renderToStaticMarkup(<Ago value={value} now={after(-120)} due />)).toContain('>in 2 hr');
});

it('makes a sentence of it', () => {
  const due = <Ago value={value} now={after(-5)} due words={(when) => `due ${when}`} />;
  expect(renderToStaticMarkup(due)).toContain('>due in 5 min');
});

import { describe, expect, it } from 'vitest';
import { exampleTable } from './example.ts';
import { lineSteps, readTable } from './table.ts';

const gtin = '09506000134352';
const sscc = '395060001343520018';

describe('a table of what was done', () => {
  it('is read by the names of its columns, in any order and with any separator', () => {
    const read = readTable(
      `serial;step;GTIN;expiry;batch\nS1;Commission;9506000134352;2029-06-30;B-1\n\nS1;hold;${gtin};;`,
    );
    const item = { kind: 'pack', gtin, serial: 'S1' };
    expect(read).toEqual({
      lines: [
        { line: 2, step: 'commission', item, batch: 'B-1', expiry: '2029-06-30' },
        { line: 4, step: 'hold', item },
      ],
      leftOut: [],
    });
  });

  it('takes batch and expiry of a pack that is made from its code', () => {
    const read = readTable(`step,code\ncommission,(01)${gtin}(17)290630(10)B-1(21)S1`);
    expect(read?.lines).toMatchObject([{ batch: 'B-1', expiry: '2029-06-30' }]);
  });

  it.each([
    ['sell,,S1', '“sell” is no step.'],
    ['hold,,S1', 'There is no code in this line.'],
    [`hold,9506000134353,S1`, 'The check digit should be 2, not 3.'],
    [`commission,${gtin},S1`, 'A batch number has'],
    [`pack,${gtin},S1`, 'The case has a number of 18 digits'],
    [`ship,${gtin},S1`, 'It says no place'],
  ])('leaves out the line %j and says why', (line, why) => {
    const read = readTable(`step,gtin,serial\nhold,${gtin},S0\n${line}\n`);
    expect(read?.lines).toHaveLength(1);
    expect(read?.leftOut).toEqual([{ place: 3, why: expect.stringContaining(why) }]);
  });

  it('is none where its first line names no step', () => {
    expect(readTable(`gtin,serial\n${gtin},S1`)).toBeNull();
    expect(readTable('')).toBeNull();
  });

  it('has an example that can be read, of steps that there are', () => {
    const read = readTable(exampleTable);
    expect(read?.leftOut).toEqual([]);
    expect(read?.lines.map(({ step }) => step)).toEqual(['commission', 'pack', 'ship', 'receive', 'hold']);
    expect(read?.lines.every(({ step }) => lineSteps.includes(step))).toBe(true);
    expect(read?.lines[2]).toMatchObject({ item: { kind: 'container', sscc }, to: '9506000010014' });
  });
});

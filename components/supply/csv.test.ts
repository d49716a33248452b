import { describe, expect, it } from 'vitest';
import { readList, readSerials } from './csv.ts';

const gtin = '09506000134352';
const pack = (serial: string) => ({ kind: 'pack', gtin, serial });
const named = (content: string) => readList(content).named.map(({ item }) => item);

describe('a list of packs and cases', () => {
  it('has one code a line', () => {
    const content = `(01)${gtin}(21)A1\r\n\r\n395060001343520018\r\n`;
    expect(named(content)).toEqual([pack('A1'), { kind: 'container', sscc: '395060001343520018' }]);
  });

  it.each([',', ';', '\t'])('has named columns, with “%s” between them', (between) => {
    const content = [
      ['\uFEFFSerial', 'GTIN', 'sscc'],
      ['A1', gtin, ''],
      ['A2', '9506000134352', ''],
      ['', '', '395060001343520018'],
    ]
      .map((cells) => cells.join(between))
      .join('\n');
    expect(named(content)).toEqual([pack('A1'), pack('A2'), { kind: 'container', sscc: '395060001343520018' }]);
  });

  it('keeps what can be read, and says of every other line where it stands and why', () => {
    const report = readList(`gtin,serial\n${gtin},A1\n\n${gtin},\n09506000134351,A3\n`);
    expect(report.lines).toBe(3);
    expect(report.named).toHaveLength(1);
    expect(report.faults.map(({ line }) => line)).toEqual([4, 5]);
    expect(report.faults[1]?.why).toContain('check digit');
  });

  it('reads what stands in quotes', () => {
    expect(named(`code\n"(01)${gtin}(21)A,1"\n`)).toEqual([pack('A,1')]);
  });
});

describe('serial numbers', () => {
  it('are the first column, or the one that is named so', () => {
    expect(readSerials('A1\nA2\n')).toEqual(['A1', 'A2']);
    expect(readSerials('gtin;serial\n1;A1\n1;A2')).toEqual(['A1', 'A2']);
  });
});

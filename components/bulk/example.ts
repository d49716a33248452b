import { columns } from './table.ts';

/** A table with one line of each kind, as a person can fill it in. */
export const exampleTable = [
  columns.join(','),
  'commission,,09506000134352,S0001,,B-100,2029-06-30,,',
  'pack,(01)09506000134352(21)S0001,,,,,,395060001343520018,',
  'ship,,,,395060001343520018,,,,9506000010014',
  'receive,,,,395060001343520018,,,,',
  'hold,,09506000134352,S0001,,,,,',
  '',
].join('\r\n');

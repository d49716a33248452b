import { captureOperations } from './captureOperations.ts';
import type { Operation } from './operation.ts';
import { queryOperations } from './queryOperations.ts';

/** All that the EPCIS interface serves; the router and the description are made of it. */
export const operations: readonly Operation[] = [...queryOperations, ...captureOperations];

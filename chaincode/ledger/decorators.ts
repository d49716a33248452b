import { createRequire } from 'node:module';

/**
 * The decorators of fabric-contract-api. It is a CommonJS package that assigns them at run time, so that an ES module
 * cannot import them by name; its classes it can.
 */
const api: typeof import('fabric-contract-api') = createRequire(import.meta.url)('fabric-contract-api');

export const { Info, Returns, Transaction } = api;

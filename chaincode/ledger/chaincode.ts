import { createRequire } from 'node:module';
import { JSONSerializer } from 'fabric-contract-api';
import type { ChaincodeInterface, ChaincodeResponse, ChaincodeStub } from 'fabric-shim-api';
import { LedgerError, parseLedgerError } from '../model/errors.ts';
import type { LedgerContract } from './LedgerContract.ts';

type ContractClass = new () => LedgerContract;
type Dispatcher = new (
  contracts: ContractClass[],
  serializers: object,
  metadata: object,
  title: string,
) => ChaincodeInterface;

/** fabric-shim's own dispatcher of contract functions; its command line is the only public way to it. */
const ContractDispatcher: Dispatcher = createRequire(import.meta.url)(
  'fabric-shim/lib/contract-spi/chaincodefromcontract.js',
);

const serializers = { transaction: 'json', serializers: { json: JSONSerializer } };

/** Refusals of the dispatcher itself, which knows no codes: a wrong number of arguments, an unknown contract. */
const malformedCall = /^(Expected \d+ parameters|Contract name is not known)/;

/**
 * Contracts as one chaincode that fabric-shim can serve: they share its state, and a function is called as
 * `contract:function`, or without the contract where it is of the first. Every refusal that a caller can provoke carries a code.
 */
export function chaincodeOf(contracts: ContractClass[], name: string): ChaincodeInterface {
  const dispatcher = new ContractDispatcher(contracts, serializers, {}, name);
  const invoke = async (stub: ChaincodeStub): Promise<ChaincodeResponse> => {
    const response = await dispatcher.Invoke(stub);
    const message = response.message ?? '';
    if (response.status < 400 || parseLedgerError(message) || !malformedCall.test(message)) return response;
    return { ...response, message: new LedgerError('INVALID_ARGUMENT', message).message };
  };
  return { Init: invoke, Invoke: invoke };
}

import type { peer } from '@hyperledger/fabric-protos';
import { type SystemCall, success } from './call.ts';
import { cscc } from './cscc.ts';
import { lifecycle } from './lifecycle.ts';
import type { SystemChaincode } from './names.ts';
import { qscc } from './qscc.ts';

/** Runs a system chaincode. Throws SystemChaincodeError where it answers with an error. */
export async function invokeSystemChaincode(name: SystemChaincode, call: SystemCall): Promise<peer.Response> {
  const run = { _lifecycle: lifecycle, cscc, qscc }[name];
  return success(await run(call));
}

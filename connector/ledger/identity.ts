import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** An officer of an organisation as Fabric knows them. */
export interface LedgerIdentity {
  mspId: string;
  certificatePem: string;
  privateKey: KeyObject;
}

/** Reads certificate and PKCS#8 key. */
export function readIdentity(mspId: string, files: { certFile: string; keyFile: string }): LedgerIdentity {
  return {
    mspId,
    certificatePem: readFileSync(files.certFile, 'utf8'),
    privateKey: createPrivateKey(readFileSync(files.keyFile)),
  };
}
